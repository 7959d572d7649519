import assert from 'node:assert/strict';
import { parseAnswers } from '../../src/answers/parse.ts';
import { buildFrontend } from '../../src/model/frontend.ts';
import { type FrontendBuild, greenfield, type Project } from '../../src/model/project.ts';
import { installers } from '../../src/policy/installers.ts';
import { rawAnswers } from '../fixture.ts';

type Given = Partial<Record<keyof FrontendBuild, unknown>>;
const frontend = {
  folder: 'web',
  lockFolder: 'web',
  manager: 'npm',
  managerVersion: '',
  isLocked: true,
  node: '22',
  script: 'build',
  output: 'web/dist',
  isServedByApp: false,
};
const build = (given: Given = {}) => {
  const project = { ...greenfield, frontend: { ...frontend, ...given } } as unknown as Project;
  const built = buildFrontend(project, parseAnswers(rawAnswers()));
  return built.exists ? built : assert.fail('there is none');
};

describe('the stage of the image that builds a frontend', () => {
  it('is none without a frontend, or where the folder of a built one is given', () => {
    const none = { exists: false, isServedByApp: false, isServedByNginx: false };
    assert.deepEqual(buildFrontend(greenfield, parseAnswers(rawAnswers())), none);
    const project = { ...greenfield, frontend } as unknown as Project;
    assert.deepEqual(buildFrontend(project, parseAnswers(rawAnswers({ spa: 'web/dist' }))), none);
  });
  for (const [given, tool, install, command] of [
    [{}, '', 'npm ci', 'npm run build'],
    [{ isLocked: false }, '', 'npm install --no-package-lock', 'npm run build'],
    [
      { manager: 'pnpm' },
      `npm install --global pnpm@${installers.pnpm}`,
      'pnpm install --frozen-lockfile',
      'pnpm run build',
    ],
    [
      { manager: 'pnpm', managerVersion: '9.1.0', isLocked: false },
      'npm install --global pnpm@9.1.0',
      'pnpm install',
      'pnpm run build',
    ],
    [{ manager: 'yarn' }, '', 'yarn install --frozen-lockfile', 'yarn run build'],
    [{ manager: 'yarn', managerVersion: '1.22.0' }, '', 'yarn install --frozen-lockfile', 'yarn run build'],
    [{ manager: 'yarn', managerVersion: '4.1.0' }, 'corepack enable', 'yarn install --immutable', 'yarn run build'],
    [
      { manager: 'yarn', managerVersion: '4.1.0', isLocked: false },
      'corepack enable',
      'yarn install',
      'yarn run build',
    ],
    [
      { manager: 'bun', script: 'make' },
      `npm install --global bun@${installers.bun}`,
      'bun install --frozen-lockfile',
      'bun run make',
    ],
  ] as const) {
    it(`installs and builds with ${JSON.stringify(given)}`, () => {
      const built = build(given);
      assert.deepEqual([built.tool, built.install, built.build], [tool, install, command]);
    });
  }
  it('copies what is there for certain, and by a pattern what may be', () => {
    assert.equal(build().manifests, 'web/package.json web/package-lock.jso[n] web/.npmr[c]');
    assert.equal(
      build({ manager: 'yarn', folder: '', lockFolder: '' }).manifests,
      'package.json yarn.loc[k] .yarnrc.ym[l]',
    );
  });
  it('is in a workspace where its lock is above it', () => {
    const { isWorkspace, home, lockHome, lockFolder, folder } = build({ folder: 'apps/web', lockFolder: '' });
    assert.deepEqual(
      [isWorkspace, home, lockHome, lockFolder, folder],
      [true, '/project/apps/web', '/project', '.', 'apps/web'],
    );
    assert.equal(build().isWorkspace, false);
  });
  it('is served by the app or by nginx, by one of them', () => {
    const both = ({ isServedByApp, isServedByNginx }: ReturnType<typeof build>) => [isServedByApp, isServedByNginx];
    assert.deepEqual(both(build()), [false, true]);
    assert.deepEqual(both(build({ isServedByApp: true })), [true, false]);
  });
  it('is kept new by the bot of its ecosystem', () => {
    assert.deepEqual(
      ['npm', 'pnpm', 'yarn', 'bun'].map((manager) => build({ manager }).ecosystem),
      ['npm', 'npm', 'npm', 'bun'],
    );
    assert.equal(build({ node: '20' }).image, 'node:20-slim');
  });
});
