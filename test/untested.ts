const because = (reason: string, ...modules: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(modules.map((module) => [module, reason]));

const inFolder = (folder: string, ...names: readonly string[]): readonly string[] =>
  names.map((name) => `${folder}/${name}.ts`);

const corpus = 'test/deep/corpus.test.ts has a project for each case';

/**
 * The modules of src/ that have no test of their name, and why: test/mirror.test.ts holds that each other module has one, and that
 * no row here is stale. A module that gets its test loses its row.
 */
export const untested: Readonly<Record<string, string>> = {
  ...because(
    'only types, which the compiler proves',
    'base/door.ts',
    'emit/promises/promised.ts',
    'team/manifest.ts',
    'detect/rules/queue/source.ts',
    'detect/read/python.ts',
  ),
  ...because(
    'only a table: its bounds are met in test/base/interpolation.test.ts and test/detect/read/dockerfile.test.ts',
    'base/expansion.ts',
  ),
  ...because(
    'only a table: what it says is read in the trees of test/golden.test.ts',
    ...inFolder('policy', 'engines', 'images', 'installers', 'recovery', 'tls'),
  ),
  ...because('only a table: test/emit/grammar.test.ts goes to each bound, and one further', 'emit/bounds.ts'),
  ...because(
    'only names and the tables that they are of: test/policy/overrides.test.ts changes each',
    'policy/policy.ts',
  ),

  ...because(
    'test/base/version.test.ts reads package.json by it; test/package/package.test.ts runs it installed',
    'base/packageRoot.ts',
  ),
  ...because(
    'test/base/disk/tree.test.ts goes to each bound and to each kind of file',
    ...inFolder('base/disk', 'bounds', 'openFolder', 'strange'),
  ),
  ...because(
    'test/changes/write.test.ts: what is written, moved and removed, and never outside of the project',
    'base/disk/changing.ts',
    'changes/staging.ts',
  ),
  ...because('test/detect/view.test.ts: a look at any tree', 'base/disk/walk.ts'),
  ...because('test/cli/commands/audit.test.ts: the scripts of an audit run from it', 'base/disk/privateFolder.ts'),
  ...because('test/changes/lock.test.ts: a lock that somebody else has written', 'changes/lockShape.ts'),
  ...because(
    'test/detect/detection.test.ts gives each kind of answer, right and wrong; test/deep/hostile.test.ts the hostile ones',
    'answers/appValues.ts',
  ),
  ...because('test/answers/gather.test.ts: what is found is the default, with its hint', 'answers/defaults.ts'),

  ...because(corpus, 'detect/python.ts'),
  ...because('test/cli/commands/detect.test.ts reads what it shows', ...inFolder('detect', 'look', 'model', 'summary')),
  ...because(corpus, ...inFolder('detect/rules/app', 'apps', 'copies', 'pathRoot')),
  ...because(corpus, ...inFolder('detect/rules/code', 'commands', 'context', 'definitions', 'dependencies', 'startUp')),
  ...because(
    'test/detect/rules/database/database.test.ts, through the one function that uses it',
    ...inFolder('detect/rules/database', 'drivers', 'others', 'parts', 'scheme', 'switch', 'urls'),
  ),
  ...because(
    'test/detect/rules/frontend/frontend.test.ts, through the one function that uses it',
    ...inFolder('detect/rules/frontend', 'build', 'output', 'staticFolders', 'tools'),
  ),
  ...because('test/detect/rules/migrations/migrations.test.ts', 'detect/rules/migrations/alembicConfig.ts'),
  ...because(
    'test/detect/rules/workers/workers.test.ts: the queue of each kind of worker',
    ...inFolder('detect/rules/queue', 'connections', 'queue', 'settings', 'variables'),
    ...inFolder('detect/rules/workers', 'code', 'commands', 'inProcess'),
  ),
  ...because(
    'test/detect/rules/settings/settings.test.ts and test/detect/rules/settings/variables.test.ts',
    ...inFolder('detect/rules/settings', 'environment', 'pydantic'),
  ),

  ...because(
    'test/golden.test.ts compares all that follows from it; test/detect/detection.test.ts has its cases',
    'model/project.ts',
  ),
  ...because('test/model/places.test.ts', 'emit/renderedFile.ts'),

  ...because('test/deep/packs.test.ts: packs as users have them, right and wrong', 'team/pack.ts'),
  ...because('test/team/samples.test.ts and test/detect/detection.test.ts', 'team/sampleApps.ts'),

  ...because('test/cli/commands/update.test.ts', ...inFolder('cli/commands', 'check', 'diff')),
  ...because('test/deep/templates.test.ts', ...inFolder('cli/commands', 'eject', 'templates')),
  ...because('test/deep/packs.test.ts makes each kind of pack', 'cli/commands/pack.ts'),
  ...because('test/cli/commands/images.test.ts: whatever a registry tells', 'cli/commands/registry.ts'),
  ...because('test/cli/commands/generate.test.ts reads what it says', ...inFolder('cli', 'commands/tell', 'pipeline')),
  ...because('test/cli/help.test.ts compares what is printed of it', ...inFolder('cli', 'flags', 'verbs')),
};
