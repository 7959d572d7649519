import assert from 'node:assert/strict';
import { domain } from '../generated.ts';
import { describeTool } from './describeTool.ts';
import { extras } from './extras.ts';
import { Judge } from './judge.ts';
import { quicVersions } from './quicVersions.ts';

describeTool('curl', 'HTTP/3 of a stack that has it on', () => {
  let judge: Judge;
  let port: number;
  before(async () => {
    const { stack, authority } = await extras();
    port = Number(stack.env('HTTPS_PORT'));
    judge = await Judge.beside(stack, authority);
  });
  after(() => judge?.remove());

  // UDP needs no relay: curl itself asks for the domain's port 443 elsewhere.
  const curl = (...args: string[]) =>
    judge.run(['curl', '--silent', '--show-error', '--max-time', '20', '--connect-to', '::nginx:8443', ...args]);
  const status = ['--output', '/dev/null', '--write-out', '%{http_version} %{http_code} %{ssl_verify_result}'];

  it('answers over QUIC, with a certificate that is believed', async () => {
    const { stdout, all } = await curl('--http3-only', ...status, `https://${domain}/health`);
    assert.equal(stdout, '3 200 0', all);
  });

  it('sends over it the headers that it sends over HTTP/2, and announces it there', async () => {
    const headersOf = async (version: string): Promise<string[]> => {
      const { stdout } = await curl(version, '--dump-header', '-', '--output', '/dev/null', `https://${domain}/health`);
      const [, ...lines] = stdout.split(/\r?\n/).filter(Boolean);
      return lines.filter((line) => !/^(?:date|x-request-id):/.test(line)).sort();
    };
    const overHttp2 = await headersOf('--http2');
    assert.ok(overHttp2.includes('alt-svc: h3=":443"; ma=86400'), overHttp2.join('\n'));
    assert.deepEqual(await headersOf('--http3-only'), overHttp2);
  });

  it('refuses the handshake for a name that is not served', async () => {
    const { code, all } = await curl('--http3-only', '--insecure', 'https://evil.example.org/health');
    assert.notEqual(code, 0);
    assert.match(all, /QUIC|handshake|alert|unrecognized/i);
    assert.doesNotMatch(all, /timed out/i);
  });

  it('refuses a foreign Host after a good handshake', async () => {
    const foreign = ['--header', 'Host: evil.example.org'];
    const { stdout, all } = await curl('--http3-only', ...foreign, ...status, `https://${domain}/health`);
    assert.equal(stdout, '3 421 0', all);
  });

  it('is published on this machine: QUIC version 1 is what the UDP port offers', async () => {
    assert.ok((await quicVersions(port)).includes(1));
  });
});
