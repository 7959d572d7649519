import { rooms } from '../.dependency-cruiser.mjs';

/** @param {string} path */
const roomOf = (path) => rooms.find((room) => path.startsWith(`src/${room}/`));

const line = (cells) =>
  cells
    .map((cell, column) => (column < 2 ? `${cell}`.padEnd(9) : cell))
    .join(' ')
    .trimEnd();

/**
 * `npm run rooms`: what the linter has read, room by room from the bottom, with the number of imports of each room below.
 * A reporter of dependency-cruiser, so the numbers are those that the rules were held against.
 */
export default ({ modules, summary }) => {
  const ours = modules.filter(({ source }) => roomOf(source) !== undefined);
  const rows = rooms.map((room) => {
    const files = ours.filter(({ source }) => roomOf(source) === room);
    const targets = files.flatMap(({ dependencies }) => dependencies.map(({ resolved }) => roomOf(resolved)));
    const counted = rooms.flatMap((other) => {
      const count = targets.filter((target) => target === other).length;
      return other === room || count === 0 ? [] : [`${other} ${count}`];
    });
    return [room, files.length, counted.join(', ') || '-'];
  });
  const broken = (pattern) => summary.violations.filter(({ rule }) => pattern.test(rule.name)).length;
  const imports = ours.flatMap(({ dependencies }) => dependencies.filter(({ resolved }) => roomOf(resolved)));
  return {
    output: [
      line(['room', 'files', 'imports of rooms below']),
      ...rows.map(line),
      '',
      `${ours.length} files, ${imports.length} imports: ${broken(/-imports-upwards$/)} upwards, ${broken(/^circle$/)} circles`,
      '',
    ].join('\n'),
    exitCode: summary.error,
  };
};
