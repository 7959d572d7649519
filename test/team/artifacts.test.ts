import assert from 'node:assert/strict';
import { applies, artifacts } from '../../src/emit/catalogue.ts';
import { catalogueOf } from '../../src/team/artifacts.ts';
import type { Pack } from '../../src/team/pack.ts';
import { stackOf } from '../fixture.ts';
import { packIn } from './packIn.ts';

const problemsWith = (...packs: Pack[]): readonly string[] => {
  const said: string[] = [];
  catalogueOf(packs, (_, problem) => said.push(problem));
  return said;
};
const problems = (to: string, ...templates: string[]) =>
  problemsWith(packIn({ artifacts: [{ to, owner: 'security' }] }, ...templates));

describe('catalogueOf', () => {
  it('is ours where there is no pack', () => assert.deepEqual(catalogueOf([], assert.fail), artifacts));

  it('has the rows of packs behind ours, each with its kind and when it is written', () => {
    const rows = [
      { to: 'docs/runbook.md', owner: 'security' },
      { to: 'scripts/hello.sh', owner: 'scripts', kind: 'script', when: 'monitoring.isOn' },
    ];
    const all = catalogueOf([packIn({ artifacts: rows }, 'docs/runbook.md.ejs', 'scripts/hello.sh.ejs')], assert.fail);
    assert.deepEqual(all.slice(0, artifacts.length), artifacts);
    const [runbook, hello] = all.slice(artifacts.length);
    assert.deepEqual(runbook, { to: 'docs/runbook.md', owner: 'security' });
    assert.equal(hello?.kind, 'script');
    const written = (...given: Parameters<typeof stackOf>) => hello !== undefined && applies(stackOf(...given))(hello);
    assert.deepEqual([written(), written({ monitoring: 'on' })], [false, true]);
  });

  for (const path of ['monitoring', 'monitoring.isOff', 'constructor', 'monitoring.isOn.x', 'site.domain']) {
    it(`"when": ${path} is no flag of the model`, () => {
      const artifact = { to: 'docs/a.md', owner: 'security', when: path };
      const row = catalogueOf([packIn({ artifacts: [artifact] }, 'docs/a.md.ejs')], assert.fail).at(-1);
      assert.throws(() => row?.when?.(stackOf()), /is no flag of the model/);
    });
  }

  for (const to of [
    '.git/hooks/pre-commit',
    '.comicpile/lock.json',
    'secrets/mine',
    'ssl/key.pem',
    'backups/a.dump',
    'node_modules/x.js',
    '.yo-rc.json',
    '.env',
    'deploy/.env.production',
    'a/../../b',
    './a',
  ]) {
    it(`${to} is no place`, () => assert.match(problems(to)[0] ?? '', /is no place for a file of a pack/));
  }
  it('a name that only begins like a closed one is a place', () => {
    for (const to of ['.github/a.yml', 'secrets.md', 'docs/.environment', 'sslx/a'])
      assert.deepEqual(problems(to, `${to.replace(/(^|\/)\./g, '$1_')}.ejs`), [], to);
  });

  it('a file of ours, and one of another pack, is taken', () => {
    assert.match(problems('Dockerfile', 'Dockerfile.ejs')[0] ?? '', /Dockerfile is a file of this generator/);
    assert.match(problems('dockerFile', 'dockerFile.ejs')[0] ?? '', /dockerFile is a file of this generator/);
    const pack = () => packIn({ artifacts: [{ to: 'docs/a.md', owner: 'security' }] }, 'docs/a.md.ejs');
    assert.match(problemsWith(pack(), pack())[0] ?? '', /docs\/a\.md is a file of \.\/one/);
  });
  it('a file cannot be a folder too, of ours or of packs', () => {
    assert.match(problems('nginx', 'nginx.ejs')[0] ?? '', /nginx and nginx\/nginx\.conf cannot both be/);
    assert.match(problems('Dockerfile/a', 'Dockerfile/a.ejs')[0] ?? '', /Dockerfile\/a and dockerfile cannot both be/);
  });
  it('a row without its template is said', () =>
    assert.deepEqual(problems('docs/.hidden'), ['artifacts: docs/.hidden has no templates/docs/_hidden.ejs']));
});
