import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAnswers } from '../../src/answers.ts';
import { readEnv } from '../../src/envFile.ts';
import type { Answers, RawAnswers } from '../../src/questions.ts';
import type { RenderedFile } from '../../src/render.ts';
import { buildStack } from '../../src/stack.ts';
import { storeAnswers } from '../../src/state.ts';
import { verify } from '../../src/verify.ts';
import { fixedSecrets, rawAnswers, renderAll } from '../fixture.ts';
import { type Directive, wordsOf } from './nginx.ts';
import { type Fill, fillOf, projectOf, sentinelAnswers, sentinelStack, stackFor, type Variant } from './sentinel.ts';
import { checks, isYamlString, readEdge, readYaml } from './structure.ts';

/** A file that some answers changed, with what it must be compared to. */
export type Changed = { readonly to: string; readonly text: string; readonly base: string; readonly fill: Fill };

const bases = new Map<string, ReadonlyMap<string, string>>();
const textsOf = (files: readonly RenderedFile[]) => new Map(files.map(({ artifact, text }) => [artifact.to, text]));

/** The sentinels' render for the same choices. */
export const baseOf = (raw: RawAnswers, variant: Variant): ReadonlyMap<string, string> => {
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
  readonly services: Record<string, { image?: string; environment?: Record<string, unknown> } | undefined>;
};

// The places that matter most, named one by one and without a look at the base.
const checkPlaces = (texts: ReadonlyMap<string, string>, answers: Answers) => {
  const { appName, dbUser, domain, bodySize, appPort, healthPath, rateLimit, migrations } = answers;
  const text = (to: string) => texts.get(to) ?? '';
  const { name, services } = readYaml(text('docker-compose.prod.yml')) as unknown as Compose;
  const { app, migrate, db } = services;
  const database = appName.replaceAll('-', '_');
  assert.equal(name, appName);
  assert.equal(app?.image?.split(':')[0], appName);
  assert.equal(app?.environment?.PUBLIC_ORIGIN, `https://${domain}`);
  assert.equal(app?.environment?.DB_USER, dbUser);
  assert.equal(app?.environment?.DB_NAME, database);
  assert.equal(db?.environment?.POSTGRES_DB, database);
  assert.equal(migrate?.environment?.DB_USER, migrations === 'alembic' ? `${dbUser}_owner` : undefined);
  for (const scalar of [appName, dbUser, database]) assert.ok(isYamlString(scalar), `${scalar} is no string in YAML`);
  assert.equal(readEnv(text('.env.production')).get('DOMAIN'), domain);
  const edge = (name: string) => readEdge(text(`nginx/${name}.conf`));
  const served = [domain, ...answers.serverNames];
  assert.deepEqual(wordsOf(edge('sites/site'), 'server_name'), [served.join(' ')]);
  assert.deepEqual(wordsOf(edge('sites/http'), 'server_name'), [[...served, ...answers.redirectNames].join(' ')]);
  assert.deepEqual(wordsOf(edge('snippets/clients'), 'client_max_body_size'), [bodySize]);
  assert.ok(wordsOf(edge('sites/site'), 'location').includes(`= ${healthPath}`));
  checkEdge(edge, answers);
  const zones = wordsOf(edge('snippets/rate-limits'), 'limit_req_zone');
  assert.match(zones[0] ?? '', new RegExp(` rate=${rateLimit}$`));
  const upstream = wordsOf(edge('snippets/proxy'), 'server');
  assert.match(upstream[0] ?? '', new RegExp(`^app:${appPort} `));
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
    assert.ok(headers.includes(`Content-Security-Policy "${cspPolicy}" always`));
  }
  const locations = wordsOf(endpoints.length > 0 ? edge('snippets/endpoints') : [], 'location');
  const expected = endpoints.map(({ path }) => `~ ^${path.replaceAll('.', '\\.')}(?:/|$)`);
  assert.deepEqual(new Set(locations), new Set(expected));
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
  const variant = { manager: 'uv', needsLibpq: false } as const;
  const answers = { ...parseAnswers(raw), ...forged } as Answers;
  const stack = buildStack(answers, projectOf(answers, variant), fixedSecrets);
  const text = textsOf(renderAll(stack)).get(to) ?? '';
  return { file: { to, text, base: baseOf(raw, variant).get(to) ?? '', fill: fillOf(answers) }, answers };
};
