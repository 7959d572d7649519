import assert from 'node:assert/strict';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import type { Answers } from '../../../src/answers/questions.ts';
import { readEnv } from '../../../src/base/envFile.ts';
import { type Directive, readNginx } from '../../../src/emit/promises/nginx.ts';
import { type Fill, sentinels } from './sentinel.ts';

/** Throws unless `text` has the structure of `base`, the sentinels' render, with only the values exchanged. */
export type Check = (text: string, base: string, fill: Fill, answers: Answers) => void;

const memo = <Value>(make: (text: string) => Value): ((text: string) => Value) => {
  const made = new Map<string, Value>();
  return (text) => {
    if (!made.has(text)) made.set(text, make(text));
    return made.get(text) as Value;
  };
};

/** A YAML file as its strict reader sees it. */
export const readYaml = memo((text) => load(text, { schema: CORE_SCHEMA.withTags(mergeTag) }) as Record<string, never>);
const baseYaml = memo((text) => JSON.stringify(readYaml(text)));
const yaml: Check = (text, base, fill) => assert.deepEqual(readYaml(text), JSON.parse(fill(baseYaml(base))));

type Names = Readonly<Record<string, readonly string[]>>;
const fillDirectives = (directives: readonly Directive[], fill: Fill, names: Names): Directive[] =>
  directives.map(({ words, block }) => ({
    words: words.flatMap((word) => names[word] ?? [fill(word)]),
    ...(block === undefined ? {} : { block: fillDirectives(block, fill, names) }),
  }));
/** An nginx file as its reader sees it. */
export const readEdge = memo((text) => {
  const { value, problem } = { value: undefined, problem: undefined, ...readNginx(text) };
  return value ?? assert.fail(`nginx cannot read it: ${problem}`);
});
const nginx: Check = (text, base, fill, { serverNames, redirectNames }) => {
  const names = { [sentinels.serverNames]: serverNames, [sentinels.redirectNames]: redirectNames };
  assert.deepEqual(readEdge(text), fillDirectives(readEdge(base), fill, names));
};

const env: Check = (text, base, fill) => {
  const expected = [...readEnv(base)].map(([key, value]) => [key, fill(value)]);
  assert.deepEqual([...readEnv(text)], expected);
};

// Instructions in order, the arguments of exec forms as JSON reads them.
const instructionsOf = (text: string) =>
  text.split('\n').flatMap((line) => /^([A-Z]+) /.exec(line)?.[1] ?? /^ +CMD /.exec(line)?.[0] ?? []);
const execForms = (text: string): unknown[] =>
  [...text.replaceAll('\\\n', '').matchAll(/^\s*(?:HEALTHCHECK .*)?(?:CMD|ENTRYPOINT) (\[.*\])$/gm)].map((match) =>
    JSON.parse(match[1] ?? ''),
  );
const dockerfile: Check = (text, base, fill) => {
  assert.deepEqual(instructionsOf(text), instructionsOf(base));
  assert.ok(execForms(base).length >= 2);
  assert.deepEqual(execForms(text), JSON.parse(fill(JSON.stringify(execForms(base)))));
};

const markdown: Check = (text, base) => assert.equal(text.split('\n').length, base.split('\n').length);

// Every character that can mean something to a reader, in order: no value brings one, takes one or moves one. But for the
// asterisk of *.example.com among the host names, which the shell sees in quotes only.
const skeletonOf = (text: string) => text.replace(/ \*\.(?=[a-z0-9])/g, ' ').replace(/[A-Za-z0-9_./:@+ -]+/g, '');
const baseSkeleton = memo(skeletonOf);
const skeleton: Check = (text, base) => assert.equal(skeletonOf(text), baseSkeleton(base));

/** Key = the reader; which files are its own. Shell, Python and TOML have readers in processes: foreign.ts. */
export const checks: Readonly<Record<string, readonly [RegExp, Check]>> = {
  yaml: [/\.ya?ml$/, yaml],
  nginx: [/^nginx\/.*\.conf$/, nginx],
  env: [/^\.env/, env],
  dockerfile: [/^Dockerfile$/, dockerfile],
  markdown: [/\.md$/, markdown],
  skeleton: [/./, skeleton],
  bytes: [/./, (text, base, fill) => assert.equal(text, fill(base))],
};

// https://yaml.org/type/: what version 1.1 takes for something else, numbers of all forms included.
const notString = /^(?:[-+]?\.?[0-9]|[-+]?\.inf$|\.nan$|~$|=$|<<$|(?:y|n|yes|no|on|off|true|false|null)$)/i;

/** Whether a reader of YAML 1.2 or 1.1 takes the plain scalar for a string, and for the very same. */
export const isYamlString = (scalar: string): boolean =>
  !notString.test(scalar) && (load(`key: ${scalar}`) as { readonly key: unknown }).key === scalar;
