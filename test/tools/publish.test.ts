import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/base/packageRoot.ts';
import { folderWith, scratch } from '../fixture.ts';
import { describeTool } from './promise.ts';
import { must, run } from './toolbox.ts';

// Without a tag, so that it is what is emitted.
const script = join(packageRoot(), 'templates/docker/publish.py.ejs');

/** A release of a frontend: its page names files, some with the same name in each release. */
const release = (name: string): Readonly<Record<string, string>> => ({
  'index.html': `<script src="/assets/app-${name}.js"></script><img src="/img/logo.svg">`,
  'help/index.html': `<script src="/assets/app-${name}.js"></script>`,
  [`assets/app-${name}.js`]: `"${name}"`,
  'img/logo.svg': '<svg/>',
  'robots.txt': name,
});

const tree = (directory: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.includes('.published') && statSync(join(directory, path)).isFile())
      .sort()
      .map((path) => [path, readFileSync(join(directory, path), 'utf8')]),
  );
const publish = (files: Readonly<Record<string, string>>, site: string) =>
  must('python', [script, folderWith(files), site]);

/** Every page that is there can fetch every file that it names. */
const isWhole = (site: string): void => {
  const files = tree(site);
  for (const [path, text] of [...files].filter(([name]) => name.endsWith('.html'))) {
    for (const [, named = ''] of text.matchAll(/src="\/([^"]+)"/g)) assert.ok(files.has(named), `${path}: ${named}`);
  }
};

// The same with an end at the nth change of a file's name, as a kill would be.
const killed = `
import os, runpy, sys
left = int(sys.argv[1])
def ending(do):
    def end(*args, **more):
        global left
        if left == 0:
            os._exit(9)
        left -= 1
        return do(*args, **more)
    return end
os.replace, os.unlink, os.rmdir = ending(os.replace), ending(os.unlink), ending(os.rmdir)
sys.argv[:] = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
`;

describeTool('python', () => {
  it('publish.py puts a release, readable for nginx', async () => {
    const site = scratch();
    await publish(release('one'), site);
    assert.deepEqual(Object.fromEntries(tree(site)), release('one'));
    for (const path of tree(site).keys()) {
      assert.equal(statSync(join(site, path)).mode & 0o777, 0o644);
      assert.ok(dirname(path) === '.' || (statSync(join(site, dirname(path))).mode & 0o555) === 0o555);
    }
  });
  it('publish.py keeps the files of the release before, however often the next is put, and none that is older', async () => {
    const site = scratch();
    const assets = () => [...tree(site).keys()].filter((path) => path.startsWith('assets/'));
    await publish(release('one'), site);
    await publish(release('two'), site);
    await publish(release('two'), site);
    await publish(release('two'), site);
    assert.deepEqual(assets(), ['assets/app-one.js', 'assets/app-two.js']);
    assert.equal(tree(site).get('robots.txt'), 'two');
    await publish(release('three'), site);
    assert.deepEqual(assets(), ['assets/app-three.js', 'assets/app-two.js']);
    isWhole(site);
  });
  it('publish.py leaves no folder that is empty, and nothing that nobody put', async () => {
    const site = scratch();
    mkdirSync(join(site, 'old/deep'), { recursive: true });
    writeFileSync(join(site, 'old/deep/.x.js.new'), 'half');
    await publish(release('one'), site);
    assert.ok(!readdirSync(site).includes('old'));
  });
  it('publish.py, killed at any moment, leaves the site whole, and the next run ends what it began', async () => {
    let ends = 0;
    for (let moment = 0; ; moment += 1) {
      const site = scratch();
      await publish({ ...release('zero'), 'only/here.js': '0' }, site);
      await publish(release('one'), site);
      const { exitCode, output } = await run('python', [
        '-c',
        killed,
        String(moment),
        script,
        folderWith(release('two')),
        site,
      ]);
      assert.ok(exitCode === 9 || exitCode === 0, output);
      isWhole(site);
      const page = tree(site).get('index.html') ?? '';
      assert.ok([release('one'), release('two')].some((files) => files['index.html'] === page));
      if (exitCode === 0) break;
      ends += 1;
      await publish(release('two'), site);
      const { 'assets/app-one.js': former, ...rest } = Object.fromEntries(tree(site));
      assert.equal(former, '"one"');
      assert.deepEqual(rest, release('two'));
      rmSync(site, { recursive: true });
    }
    assert.ok(ends >= 7, `${ends} moments`);
  });
});
