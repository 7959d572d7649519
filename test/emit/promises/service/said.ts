import assert from 'node:assert/strict';
import type { About, Judge } from '../../../../src/emit/promises/service/judge.ts';
import { readYaml } from '../../../../src/emit/promises/yaml.ts';

const about: About = {
  service: 'app',
  env: new Map([
    ['ONE', '1'],
    ['TEXT', 'x'],
    ['SOCKET', '/var/run/docker.sock'],
    ['EMPTY', ''],
  ]),
  services: new Set(['app', 'db']),
  guarded: ['scripts/deploy.sh', 'docker-compose.prod.yml'],
};

/** What a judge says of a value that is written in YAML. */
export const said = (judge: Judge, text: string, path = 'x'): readonly string[] => {
  const read = readYaml(text);
  return judge(read.problem === undefined ? read.value : assert.fail(read.problem), path, about);
};

/** Each text is allowed, or refused. */
export const judges = (
  judge: Judge,
  { allowed, refused }: { readonly allowed: readonly string[]; readonly refused: readonly string[] },
  path = 'x',
): void => {
  for (const text of allowed) it(`allows ${JSON.stringify(text)}`, () => assert.deepEqual(said(judge, text, path), []));
  for (const text of refused)
    it(`refuses ${JSON.stringify(text)}`, () => assert.notDeepEqual(said(judge, text, path), []));
};
