import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detected } from '../../../src/answers/appValues.ts';
import { parseAnswers } from '../../../src/answers/parse.ts';
import type { Answers, RawAnswers } from '../../../src/answers/questions.ts';
import { readEnv } from '../../../src/base/envFile.ts';
import { storeAnswers } from '../../../src/changes/storeAnswers.ts';
import { type Directive, wordsOf as listsOf } from '../../../src/emit/promises/nginx.ts';
import { verify } from '../../../src/emit/promises/verify.ts';
import type { RenderedFile } from '../../../src/emit/renderedFile.ts';
import { buildStack } from '../../../src/model/stack.ts';
import { fixedSecrets, rawAnswers, renderAll } from '../../fixture.ts';
import { type Fill, fillOf, projectOf, sentinelAnswers, sentinelStack, stackFor, type Variant } from './sentinel.ts';
import { checks, isYamlString, readEdge, readYaml } from './structure.ts';

const wordsOf = (directives: readonly Directive[], name: string): readonly string[] =>
  listsOf(directives, name).map((words) => words.join(' '));

/** A file that some answers changed, with what it must be compared to. */
export type Changed = { readonly to: string; readonly text: string; readonly base: string; readonly fill: Fill };

const bases = new Map<string, ReadonlyMap<string, string>>();
const textsOf = (files: readonly RenderedFile[]) => new Map(files.map(({ artifact, text }) => [artifact.to, text]));

/** The sentinels' render for the same choices. */
const baseOf = (raw: RawAnswers, variant: Variant): ReadonlyMap<string, string> => {
  const stack = sentinelStack(raw, variant);
  const key = JSON.stringify(stack);
  const base = bases.get(key) ?? textsOf(renderAll(stack));
  bases.set(key, base);
  return base;
};

/** One file through every reader that is its own. */
export const checkFile = ({ to, text, base, fill }: Changed, answers: Answers): void => {
  for (const [name, [files, check]] of Object.entries(checks)) {
    if (!files.test(to)) continue;
    try {
      check(text, base, fill, answers);
    } catch (error) {
      throw new Error(`${to}, as ${name} reads it: ${(error as Error).message}`);
    }
  }
};

type Compose = {
  readonly name: string;
  readonly services: Record<
    string,
    { image?: string; command?: readonly string[]; environment?: Record<string, unknown> } | undefined
  >;
};

// The places that matter most, named one by one and without a look at the base.
const checkPlaces = (texts: ReadonlyMap<string, string>, answers: Answers) => {
  const { appName, dbUser, domain, bodySize, appPort, healthPath, rateLimit, migrations } = answers;
  const text = (to: string) => texts.get(to) ?? '';
  const { name, services } = readYaml(text('docker-compose.prod.yml')) as unknown as Compose;
  const { app, migrate, db } = services;
  const own = answers.databaseVariables === detected ? [] : answers.databaseVariables.map((row) => String(row.name));
  const database = appName.replaceAll('-', '_');
  assert.equal(name, appName);
  assert.equal(app?.image?.split(':')[0], appName);
  assert.equal(app?.environment?.PUBLIC_ORIGIN, `https://${domain}`);
  if (!own.includes('DB_USER')) assert.equal(app?.environment?.DB_USER, dbUser);
  if (!own.includes('DB_NAME')) assert.equal(app?.environment?.DB_NAME, database);
  assert.equal(db?.environment?.POSTGRES_DB, database);
  if (!own.includes('DB_USER')) {
    assert.equal(migrate?.environment?.DB_USER, migrations === 'alembic' ? `${dbUser}_owner` : undefined);
  }
  checkFit(texts, services, answers);
  for (const scalar of [appName, dbUser, database]) assert.ok(isYamlString(scalar), `${scalar} is no string in YAML`);
  assert.equal(readEnv(text('.env.production')).get('DOMAIN'), domain);
  const edge = (name: string) => readEdge(text(`nginx/${name}.conf`));
  const served = [domain, ...answers.serverNames];
  assert.deepEqual(wordsOf(edge('sites/site'), 'server_name'), [served.join(' ')]);
  assert.deepEqual(wordsOf(edge('sites/http'), 'server_name'), [[...served, ...answers.redirectNames].join(' ')]);
  assert.deepEqual(wordsOf(edge('snippets/clients'), 'client_max_body_size'), [bodySize]);
  const exact = wordsOf(edge('sites/site'), 'location').filter((words) => words.startsWith('= '));
  assert.equal(exact.includes(`= ${healthPath}`), healthPath !== '');
  checkEdge(edge, answers);
  checkEgress(text, answers);
  const zones = wordsOf(edge('snippets/rate-limits'), 'limit_req_zone');
  assert.match(zones[0] ?? '', new RegExp(` rate=${rateLimit}$`));
  const upstream = wordsOf(edge('snippets/proxy'), 'server');
  assert.match(upstream[0] ?? '', new RegExp(`^app:${appPort} `));
};

// What is said of an app that exists, where it is read, one by one.
const checkFit = (texts: ReadonlyMap<string, string>, services: Compose['services'], answers: Answers) => {
  if (answers.app === 'new') return;
  const lines = (to: string) => (texts.get(to) ?? '').split('\n');
  const has = (to: string, line: string) => assert.ok(lines(to).includes(line), `${to} has no line ${line}`);
  const { environment = {} } = services.app ?? {};
  const or = <Value>(answer: readonly Value[] | 'detect'): readonly Value[] => (answer === detected ? [] : answer);
  const inImage = (path: string) => (path === '' ? '/app' : `/app/${path}`);
  if (answers.appRoot !== detected && answers.appRoot !== '') has('Dockerfile', `WORKDIR /app/${answers.appRoot}`);
  if (answers.pythonPath !== detected)
    has('Dockerfile', `CMD ["python", "/opt/serve.py", "${answers.appEntry.replace('()', '')}", \\`);
  if (answers.pythonPath !== detected) has('Dockerfile', `     "--app-dir", "${inImage(answers.pythonPath)}", \\`);
  for (const path of or<string>(answers.imageFiles)) has('Dockerfile', `COPY --chmod=0755 ${path} ./${path}`);
  for (const name of or<string>(answers.requiredVariables)) has('scripts/preflight.sh', `  ${name}`);
  const fixed: Readonly<Record<string, string>> = { host: 'db', port: '5432', user: answers.dbUser };
  for (const { name, form, text } of or(answers.databaseVariables)) {
    const value = environment[name];
    if (form === 'literal') assert.equal(value, text);
    if (fixed[form] !== undefined) assert.equal(value, fixed[form]);
    if (answers.secrets === 'files' && (form === 'url' || form === 'password')) assert.equal(value, undefined);
    if (answers.secrets === 'env' && form === 'url') {
      assert.equal(String(value).split('://')[0], text || answers.databaseScheme);
    }
  }
  for (const { name, form, database } of or(answers.queueVariables)) {
    const url = `redis://queue:6379${database === undefined ? '' : `/${database}`}`;
    const values = { url, host: 'queue', port: '6379', database: String(database ?? 0), user: '', password: '' };
    assert.equal(environment[name], values[form]);
  }
  for (const name of or<string>(answers.secretKeyVariables)) {
    assert.equal(environment[name], answers.secrets === 'env' ? '${SECRET_KEY:?is in .env.production}' : undefined);
  }
  const counts = new Map<string, number>();
  for (const { role, command } of or(answers.workers)) {
    const count = (counts.get(role) ?? 0) + 1;
    counts.set(role, count);
    const { command: emitted = [] } = services[count === 1 ? role : `${role}-${count}`] ?? {};
    assert.deepEqual(emitted.slice(0, command.length), command);
    // Nothing follows but how many processes it may start.
    assert.match(emitted.slice(command.length).join(' '), /^(?:--(?:concurrency|processes) 2)?$/);
  }
};

// Answers that have no sentinel: a list each, in its own directive, and nothing else there.
const checkEdge = (edge: (name: string) => readonly Directive[], answers: Answers) => {
  const { behind, csp, cspPolicy, rateLimitExempt, trustedProxies, endpoints } = answers;
  if (behind !== 'none' && behind !== 'cloudflare') {
    assert.deepEqual(wordsOf(edge('snippets/real-ip'), 'set_real_ip_from'), trustedProxies);
  }
  const exempt = edge('snippets/rate-limits').find(({ words }) => words[1] === '$is_exempt' && words[0] === 'geo');
  const rows = exempt?.block?.map(({ words }) => words.join(' ')) ?? ['default 0'];
  assert.deepEqual(rows, ['default 0', ...rateLimitExempt.map((network) => `${network} 1`)]);
  if (csp === 'custom' && answers.apiDocs === 'closed') {
    const headers = wordsOf(edge('snippets/security-headers'), 'add_header');
    assert.ok(headers.includes(`Content-Security-Policy ${cspPolicy} always`));
  }
  const locations = wordsOf(endpoints.length > 0 ? edge('snippets/endpoints') : [], 'location');
  const expected = endpoints.map(({ path }) => `~ ^${path.replaceAll('.', '\\.')}(?![\\w.~-])`);
  assert.deepEqual(new Set(locations), new Set(expected));
};

// Where the app may go beside public addresses: in one list, and nothing else there.
const checkEgress = (text: (to: string) => string, { egress, egressAllow }: Answers) => {
  const list = /^ALLOWED=\(\n([^)]*)^\)$/m.exec(text('scripts/firewall.sh'))?.[1];
  const rows = egressAllow.map(({ network, port, isIPv6 }) => `  '${isIPv6 ? 6 : 4} ${network} ${port}'\n`);
  assert.equal(list, egress === 'none' ? undefined : rows.join(''));
};

const checkStored = (raw: RawAnswers) => {
  const { after } = storeAnswers(join(tmpdir(), 'comicpile-absent'), raw);
  assert.deepEqual(JSON.parse(after), { 'generator-comicpile': raw });
};

/** Renders one set of accepted answers and proves it; the files that the answers changed. */
export const checkSet = (raw: RawAnswers, variant: Variant): readonly Changed[] => {
  const answers = parseAnswers(raw);
  const stack = stackFor(raw, variant);
  const texts = textsOf(verify(renderAll(stack), stack));
  const base = baseOf(raw, variant);
  const fill = fillOf(answers);
  assert.deepEqual([...texts.keys()], [...base.keys()], 'other files than with other answers');
  const changed = [...texts]
    .map(([to, text]): Changed => ({ to, text, base: base.get(to) ?? '', fill }))
    .filter(({ text, base }) => text !== base || text !== fill(base));
  for (const file of changed) checkFile(file, answers);
  checkPlaces(texts, answers);
  checkStored(raw);
  return changed;
};

/** A file rendered with answers that no parse has seen, and what to compare it to. */
export const forge = (
  to: string,
  forged: Partial<RawAnswers>,
): { readonly file: Changed; readonly answers: Answers } => {
  const raw = sentinelAnswers(rawAnswers());
  const variant: Variant = {};
  const answers = { ...parseAnswers(raw), ...forged } as Answers;
  const stack = buildStack(answers, projectOf(answers, variant), fixedSecrets);
  const text = textsOf(renderAll(stack)).get(to) ?? '';
  return { file: { to, text, base: baseOf(raw, variant).get(to) ?? '', fill: fillOf(answers) }, answers };
};
