import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { securityHeaders } from '../../src/policy/headers.ts';
import { overridden, type PolicyData } from '../../src/policy/overrides.ts';
import { ourPolicy } from '../../src/policy/policy.ts';
import { problemsOf } from '../../src/team/schema.ts';

const answers = { hsts: 'full', xssProtection: 'off', csp: 'api', apiDocs: 'closed' } as const;

const read = (data: PolicyData) => {
  const problems: string[] = [];
  const policy = overridden(ourPolicy, data, (path, problem) => problems.push(`${path}: ${problem}`));
  return { policy, problems };
};

type Schema = {
  readonly properties: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Schema>> }>>;
};
const schema = JSON.parse(readFileSync(join(packageRoot(), 'schemas/policy.schema.json'), 'utf8')) as Schema & {
  readonly $defs: Readonly<Record<string, { readonly examples: readonly unknown[] }>>;
};
const exampleOf = (row: { readonly $ref?: string; readonly examples?: readonly unknown[] }): unknown =>
  row.examples?.[0] ?? schema.$defs[row.$ref?.split('/').at(-1) ?? '']?.examples[0];

describe('policy as data', () => {
  const sections = Object.entries(schema.properties).filter(([, { properties }]) => properties !== undefined);
  for (const [section, { properties = {} }] of sections) {
    for (const [key, row] of Object.entries(properties)) {
      it(`${section}.${key}: the example of the schema is read, and is what it is with us`, () => {
        const example = exampleOf(row as unknown as Parameters<typeof exampleOf>[0]);
        assert.notEqual(example, undefined);
        const { policy, problems } = read({ [section]: { [key]: example } });
        assert.deepEqual(problems, []);
        const ours = (ourPolicy as unknown as Record<string, Record<string, unknown>>)[section] ?? {};
        assert.deepEqual((policy as unknown as typeof ours)[section], { ...ours, [key]: example });
        assert.deepEqual(problemsOf('policy', { [section]: { [key]: example } }), []);
      });
    }
  }

  for (const [data, problem] of [
    [{ limits: { apiBurst: 'x' } }, 'limits.apiBurst: "x" is not a number from 0 to 9999'],
    [{ limits: { apiBurst: -1 } }, 'limits.apiBurst: "-1" is not a number'],
    [{ limits: { toString: 1 } }, 'limits.toString: is not known'],
    [{ limits: { authPaths: ['a b'] } }, 'limits.authPaths: "a b" is not a list of'],
    [{ limits: { authPaths: ['x)|.*('] } }, 'limits.authPaths: "x)|.*(" is not a list of'],
    [{ tls: {} }, 'tls: is no section of the policy'],
    [{ limits: [] }, 'limits: is no section'],
    [{ images: { nginx: 'nginx' } }, 'images.nginx: "nginx" is not an image with a version'],
    [{ images: { nginx: 'nginx:latest' } }, 'images.nginx: "nginx:latest" is not an image'],
    [{ images: { nginx: 'a:1\nUSER root' } }, 'images.nginx: "a:1\\nUSER root" is not an image'],
    [{ headers: { 'Set-Cookie': { value: 'a', why: 'b' } } }, 'headers.Set-Cookie: is not a header that is the same'],
    [{ headers: { 'x y': { value: 'a', why: 'b' } } }, 'headers.x y: is not a header'],
    [{ headers: { 'X-A': { value: 'a', why: '`x`' } } }, 'headers.X-A.why: "`x`" is not a line of plain words'],
    [{ headers: { 'X-A': { value: '$host', why: 'b' } } }, 'headers.X-A.value: "$host" is not the value of a header'],
    [
      { headers: { 'X-A': { value: 'a\r\nSet-Cookie: b', why: 'b' } } },
      'headers.X-A.value: "a\\r\\nSet-Cookie: b" is not',
    ],
    [
      { headers: { 'Content-security-policy': { value: 'x', why: 'y' } } },
      'headers.Content-security-policy: is the answer csp',
    ],
    [{ headers: { 'STRICT-TRANSPORT-security': { value: 'a' } } }, 'headers.STRICT-TRANSPORT-security: is the answer'],
    [{ headers: { constructor: { value: 'a', why: 'b' } } }, 'headers.constructor: is not a header'],
    [
      { headers: { 'X-New': { value: 'a', why: 'b' }, 'X-NEW': { value: 'c', why: 'd' } } },
      'headers.X-NEW: is the same header as X-New',
    ],
    [
      { headers: { 'Strict-Transport-Security': { value: 'a' } } },
      'headers.Strict-Transport-Security: is the answer hsts',
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(data)}`, () => {
      const { problems } = read(data);
      assert.ok(problems[0]?.startsWith(problem), problems.join('\n'));
    });
  }

  it('a header in another case is ours, by our name: none stands twice', () => {
    for (const name of ['referrer-policy', 'Referrer-policy', 'REFERRER-POLICY']) {
      const { policy, problems } = read({ headers: { [name]: { value: 'no-referrer' } } });
      assert.deepEqual([problems, policy.headers], [[], { 'Referrer-Policy': { value: 'no-referrer' } }]);
      const sent = securityHeaders({ ...answers, cspPolicy: '' as const }, policy.headers);
      assert.deepEqual(
        sent.filter((header) => header.name.toLowerCase() === 'referrer-policy').map(({ value }) => value),
        ['no-referrer'],
      );
    }
  });

  it('and that of a pack, by the name that the pack has for it', () => {
    const ofPack = read({ headers: { 'X-Robots-Tag': { value: 'noindex', why: 'None' } } }).policy;
    const problems: string[] = [];
    const say = (path: string, problem: string) => problems.push(`${path}: ${problem}`);
    const { headers } = overridden(ofPack, { headers: { 'x-robots-tag': { value: 'none' } } }, say);
    assert.deepEqual([problems, headers], [[], { 'X-Robots-Tag': { value: 'none' } }]);
  });

  it('an image may come from another registry, and be pinned by its digest', () => {
    for (const image of ['registry.example.com:5000/a/b:1.2-x', `a:1@sha256:${'0'.repeat(64)}`]) {
      assert.deepEqual(read({ images: { python: image } }).problems, []);
    }
  });
});
