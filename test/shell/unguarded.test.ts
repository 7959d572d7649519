import assert from 'node:assert/strict';
import { renderAll, stackOf } from '../fixture.ts';
import { unguarded } from './unguarded.ts';

type Script = readonly [file: string, text: string];

/** A script and what it sources, each once. */
const withSourced = (file: string, all: ReadonlyMap<string, string>, found = new Map<string, Script>()): Script[] => {
  const text = all.get(file);
  if (text === undefined || found.has(file)) return [...found.values()];
  found.set(file, [file, text]);
  for (const [, name] of text.matchAll(/^\s*\. "?(?:\$scripts|scripts)\/([\w/.-]+)"?$/gm))
    withSourced(`scripts/${name}`, all, found);
  // A part of audit.sh, which sources lib.sh.
  if (file.startsWith('scripts/audit/')) withSourced('scripts/lib.sh', all, found);
  return [...found.values()];
};

// With all that answers can add to them.
const all = new Map(
  renderAll(
    stackOf({
      secrets: 'files',
      ipv6: 'on',
      monitoring: 'on',
      logShipping: 'loki',
      behind: 'proxy-protocol',
      trustedProxies: '192.0.2.0/24',
    }),
  )
    .filter(({ artifact }) => artifact.to.endsWith('.sh'))
    .map(({ artifact, text }) => [artifact.to, text]),
);

describe('what emitted scripts compute', () => {
  for (const file of all.keys())
    it(`${file}: only numbers`, () => assert.deepEqual(unguarded(withSourced(file, all)), []));

  // As the scripts had it, and what else bash computes.
  for (const [what, script] of [
    ['a size out of a manifest', `size=$(awk '{ print $2 }' manifest)\nneeds=$((size * 6 / 5))`],
    ['what is free, by a server', `free=$(sed -n 's/^free //p' <<<"$facts")\n[[ $free -ge 5 ]]`],
    ['a variable of the environment', '[[ $waited -ge ${COMICPILE_LOCK_WAIT:-0} ]]'],
    ['a command', `[[ $(df -Pk . | awk 'END { print $4 }') -ge 7 ]]`],
    ['an argument', 'mib() { echo $((($1 + 1023) / 1024)); }'],
    ['digits by a pattern, with their base', '[[ $x =~ ^([0-9]+)$ ]] && echo $((10#${BASH_REMATCH[1]}))'],
    ['what is read', 'read -r waiting <file\n[ "$waiting" -lt 10 ]'],
    ['a subscript', 'key=$(cat file)\nkept[$key]=1'],
    ['a part of a text', 'from=$(cat file)\necho "${text:from}"'],
    ['a loop', 'for name in $(cat file); do echo $((name)); done'],
    ['an array', 'all=("$@")\necho $((all[0]))'],
    ['let', 'let x=1'],
    ['an integer by declaration', 'f() { local -i year=$1; }'],
    ['a local that another function sets', 'f() { local n; g; echo $((n)); }\ng() { n=$(cat file); }'],
  ] as const)
    it(`finds ${what}`, () => assert.notDeepEqual(unguarded([['x.sh', script]]), []));

  for (const [what, script] of [
    ['what number has looked at', 'number size "$(cat file)"\necho $((size * 2))'],
    ['lengths, counts and exit codes', '[[ ${#text} -gt 3 && $# -lt 2 && $? -eq 0 ]]'],
    ['what is computed of such', 'n=1\nfor ((i = 0; i < n; i++)); do m=$((i + n)) && echo $((m)); done'],
    ['a subscript that is text', 'declare -A of=()\nof[$key]=1'],
  ] as const)
    it(`passes ${what}`, () => assert.deepEqual(unguarded([['x.sh', script]]), []));
});
