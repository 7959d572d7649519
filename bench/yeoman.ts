import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/paths.ts';
import { bareInput } from './input.ts';

const trivial = (files: number): string => `import Generator from 'yeoman-generator';
export default class extends Generator {
  writing() {
    for (let n = 0; n < ${files}; n += 1) this.fs.write(this.destinationPath('folder' + (n % 8) + '/file' + n), 'text\\n'.repeat(80));
  }
}
`;

/** yo with our packed generator and a trivial one, installed side by side; run as another user where we are root. */
export const prepareYeoman = async (root: string) => {
  const npm = (args: readonly string[], cwd: string) =>
    execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', root], packageRoot());
  const tarball = readdirSync(root).find((name) => name.endsWith('.tgz')) ?? '';
  const prefix = join(root, 'global');
  const own = join(root, 'generator-trivial');
  mkdirSync(join(own, 'generators/app'), { recursive: true });
  const manifest = {
    name: 'generator-trivial',
    version: '1.0.0',
    type: 'module',
    keywords: ['yeoman-generator'],
    files: ['generators'],
    dependencies: { 'yeoman-generator': '^8.4.0', '@yeoman/types': '^1.13.1', 'mem-fs': '^4.1.5' },
  };
  writeFileSync(join(own, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(own, 'generators/app/index.js'), trivial(bareInput().files.length));
  npm(['pack', '--silent', '--pack-destination', root], own);
  npm(
    [
      'install',
      '--global',
      '--prefix',
      prefix,
      '--no-audit',
      '--no-fund',
      'yo@7',
      join(root, tarball),
      join(root, 'generator-trivial-1.0.0.tgz'),
    ],
    root,
  );

  const isRoot = process.getuid?.() === 0;
  const give = (path: string) => isRoot && chownSync(path, 1000, 1000);
  chmodSync(root, 0o755);
  give(root);
  return {
    yo: join(prefix, 'lib/node_modules/yo/lib/cli.js'),
    own: give,
    user: isRoot ? { uid: 1000, gid: 1000 } : {},
  };
};
