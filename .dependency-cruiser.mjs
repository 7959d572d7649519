/**
 * The rooms of src/, bottom to top: a room imports from itself and from the rooms before it, and from nothing else of ours.
 * This list is the one place that has the order; the rules below, `npm run rooms` and docs/architecture.md follow it.
 */
export const rooms = ['base', 'detect', 'answers', 'policy', 'model', 'emit', 'changes', 'team', 'cli'];

// dependency-cruiser reads the tree once, as it resolves, and from that come upwards, circles, doors and the printed list.
// Biome's noRestrictedImports compares words in each file, one hand-kept list a room. 17 is the last that runs on Node 20.
const folders = (names) => `^src/(?:${names.join('|')})/`;

// An `import type` and an `await import()` count as any other import, unless a rule says so.
const upwards = rooms.slice(0, -1).map((room, floor) => {
  const above = rooms.slice(floor + 1);
  return {
    name: `${room}-imports-upwards`,
    comment: `src/${room}/ is below ${above.join(', ')}: move what it needs down, or the file that needs it up.`,
    severity: 'error',
    from: { path: folders([room]) },
    to: { path: folders(above) },
  };
});

// Who opens files on their own could follow a link out of a project, or wait for ever. What is not the user's project, and why:
const opensFiles = {
  'src/base/disk/': 'the one door to the file system',
  'src/base/packageRoot.ts': 'where this package is, which everything else needs first',
  'src/base/program.ts': 'which programs this machine has, that the project has not brought',
  'src/answers/answersFile.ts': 'what the user has named with --answers may be anywhere, and a pipe of a shell too',
};

// Both ways: a file in no room, and an import of one.
const outside = { path: '^src/', pathNot: folders(rooms) };
const noRoom = [
  { from: outside, to: {} },
  { from: {}, to: outside },
].map((rule, way) => ({
  name: way === 0 ? 'in-no-room' : 'imports-from-no-room',
  comment: `Every file of src/ is in one of its rooms: ${rooms.join(', ')}.`,
  severity: 'error',
  ...rule,
}));

export default {
  forbidden: [
    ...upwards,
    ...noRoom,
    {
      name: 'circle',
      comment:
        'Files that import each other in a circle are one file: let them be one, or give what both need its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'src-imports-its-users',
      comment: 'src/ is what the doors, the tests and the benchmarks use; it knows none of them.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:bench|bin|build|generators|test)/' },
    },
    {
      name: 'door-imports-too-much',
      comment:
        'A door (bin/, generators/) reads the words of a command line and hands them to src/cli/. A type costs nothing.',
      severity: 'error',
      from: { path: '^(?:bin|generators)/' },
      to: {
        path: '^(?:src|bench|bin|build|generators|test)/',
        pathNot: [folders(['base', 'answers', 'cli']), '^generators/subgenerator\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'yeoman-outside-generators',
      comment: 'generators/ is the adapter to Yeoman; the rest runs without it.',
      severity: 'error',
      from: { path: '^(?:src|bin)/' },
      to: { path: '(?:^|/)node_modules/(?:yeoman-|@yeoman/|mem-fs)' },
    },
    {
      name: 'files-past-the-door',
      comment: `Files are read and written by src/base/disk/ alone (the list in .dependency-cruiser.mjs has who else, and why).`,
      severity: 'error',
      from: {
        path: '^(?:src|bin|generators)/',
        pathNot: Object.keys(opensFiles).map((path) => `^${path.replaceAll('.', '\\.')}`),
      },
      to: { path: '^(?:node:)?(?:fs|fs/promises)$' },
    },
    {
      name: 'inquirer-at-start-up',
      comment:
        'inquirer takes longer to load than a run without questions takes in all: `await import()` it when one is asked.',
      severity: 'error',
      from: { path: '^(?:src|bin)/' },
      to: { path: '(?:^|/)node_modules/@?inquirer/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
