import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/base/packageRoot.ts';
import { pack } from '../test/tarball.ts';
import { bareInput } from './input.ts';

const trivial = (files: number): string => `import Generator from 'yeoman-generator';
export default class extends Generator {
  writing() {
    for (let n = 0; n < ${files}; n += 1) this.fs.write(this.destinationPath('folder' + (n % 8) + '/file' + n), 'text\\n'.repeat(80));
  }
}
`;

/** yo with our packed generator and a trivial one, installed side by side; the path of yo's program. */
export const installYeoman = (root: string): string => {
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
  const packages = ['yo@7', pack(packageRoot(), root), pack(own, root)];
  const args = ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', ...packages];
  execFileSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(prefix, 'lib/node_modules/yo/lib/cli.js');
};
