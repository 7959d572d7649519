import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { scratch } from '../fixture.ts';
import { pack } from '../tarball.ts';
import { Registry } from './registry.ts';

/** The commands of the section on packs, as they stand there. */
const commandsOf = (document: string): readonly string[] => {
  const section = document.slice(document.indexOf('## A pack, from zero'), document.indexOf('### The manifest'));
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
};

describe('docs/customising.md: a pack, from zero to published', function () {
  this.timeout(300_000);
  const registry = new Registry();
  const home = scratch();
  const prefix = join(home, 'global');
  let env: NodeJS.ProcessEnv;

  before(async () => {
    await registry.start();
    // A token is what npm asks for before it publishes anywhere.
    writeFileSync(join(home, '.npmrc'), `//${registry.url.slice('http://'.length)}/:_authToken=none\n`);
    env = {
      HOME: home,
      PATH: [join(prefix, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      npm_config_registry: registry.url,
      npm_config_prefix: prefix,
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    };
    const folder = join(home, 'release');
    mkdirSync(folder);
    await execa('npm', ['publish', pack(packageRoot(), folder)], { cwd: folder, env, extendEnv: false });
  });
  after(() => registry.stop());

  it('does what it says, command by command', async () => {
    const blocks = commandsOf(readFileSync(join(packageRoot(), 'docs/customising.md'), 'utf8'));
    assert.equal(blocks.length, 4);
    // One shell, as in one terminal; it ends at the first command that fails.
    const script = ['set -euo pipefail', 'cd', ...blocks].join('\n');
    const { stdout } = await execa('bash', ['-c', script], { cwd: home, env, extendEnv: false, stdin: 'ignore' });
    const read = (path: string) => readFileSync(join(home, 'shop', path), 'utf8');
    assert.match(stdout, /the pack \. 0\.1\.0: every promise is kept/);
    assert.match(stdout, /^Call Payments for shop\.example\.com\.$/m);
    assert.match(stdout, /^pack +@acme\/comicpile-pack: [\s\S]*^the pack has moved on$/m);
    assert.equal(read('docs/pager.md'), 'Call Payments for shop.example.com.\nNobody answers? Call the next one.\n');
    assert.match(read('nginx/snippets/security-headers.conf'), /add_header X-Robots-Tag "noindex" always;/);
    assert.match(read('nginx/nginx.conf'), /# Team on call: Payments/);
    assert.match(read('.comicpile/lock.json'), /"@acme\/comicpile-pack": \{\n +"version": "0\.2\.0"/);
    assert.match(stdout.trim().split('\n').at(-1) ?? '', /^\d+ files are as 0\.1\.0 wrote them$/);
  });
});
