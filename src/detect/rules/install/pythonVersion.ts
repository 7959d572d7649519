import { type Evidence, type Finding, found, type Notice } from '../../model.ts';
import { readDockerfile } from '../../read/dockerfile.ts';
import { evidenceAt, folderOf, joinPath } from '../../read/paths.ts';
import { lineOf, readToml, textAt } from '../../read/toml.ts';
import { isDockerfile } from '../code/commands.ts';
import type { Context } from '../code/context.ts';
import { setupArgument } from '../code/dependencies.ts';

/** Minor versions that we have images for, with the last day of security fixes (https://devguide.python.org/versions/). */
const pythonVersions = {
  '3.10': '2026-10-31',
  '3.11': '2027-10-31',
  '3.12': '2028-10-31',
  '3.13': '2029-10-31',
  '3.14': '2030-10-31',
} as const;
type Known = keyof typeof pythonVersions;
const known = Object.keys(pythonVersions) as Known[];
const isKnown = (version: string): version is Known => Object.hasOwn(pythonVersions, version);

type Minor = readonly [major: number, minor: number];
const minorOf = (text: string): Minor | undefined => {
  const [, major, minor] = /^v?(\d+)(?:\.(\d+|\*))?/.exec(text.trim()) ?? [];
  return major === undefined ? undefined : [Number(major), minor === undefined || minor === '*' ? 0 : Number(minor)];
};
const compare = ([a, b]: Minor, [c, d]: Minor): number => a - c || b - d;

/** Whether X.Y may satisfy a specifier of PEP 440 or of Poetry (`^3.11`, `~3.12`, `3.*`); patches are not looked at. */
export const satisfies = (version: string, specifier: string): boolean => {
  const own = minorOf(version);
  if (own === undefined) return false;
  return specifier.split('||').some((alternative) =>
    alternative
      .split(',')
      .map((clause) => clause.trim())
      .filter(Boolean)
      .every((clause) => {
        const [, operator = '', rest = ''] = /^(===?|!=|<=|>=|~=|<|>|\^|~)?\s*(.*)$/.exec(clause) ?? [];
        const bound = minorOf(rest);
        if (bound === undefined) return true;
        const order = compare(own, bound);
        const hasPatch = /^\d+\.\d+\.\d/.test(rest);
        const parts = rest.split('.').length;
        if (operator === '>=') return order >= 0;
        if (operator === '>') return order > 0 || (hasPatch && order === 0);
        if (operator === '<=') return order <= 0;
        if (operator === '<') return order < 0 || (hasPatch && order === 0 && !/\.0$/.test(rest));
        if (operator === '!=') return order !== 0 || hasPatch;
        if (operator === '^' || (operator === '~=' && parts === 2)) return own[0] === bound[0] && order >= 0;
        if (/^\d+(?:\.\*)?$/.test(rest)) return own[0] === bound[0];
        return order === 0;
      }),
  );
};

type Candidate = { readonly version: string; readonly evidence: Evidence; readonly says: 'certain' | 'likely' };

const ofVersionFile = ({ view, root }: Context): Candidate | undefined => {
  for (let folder = root; ; folder = folderOf(folder)) {
    const path = joinPath(folder, '.python-version');
    const text = view.read(path);
    const [, version] = /^\s*(?:cpython[@-]?|python-?)?(3\.\d+)(?:\.\d+)?\s*$/m.exec(text ?? '') ?? [];
    if (version !== undefined) return { version, says: 'certain', evidence: evidenceAt(path, 1, version) };
    if (folder === '') return undefined;
  }
};

const ofImage = ({ view, root }: Context): Candidate | undefined => {
  const dockerfiles = view.files
    .filter(isDockerfile)
    .sort((one, other) => Number(!one.startsWith(root)) - Number(!other.startsWith(root)));
  for (const path of dockerfiles) {
    const froms = readDockerfile(view.read(path) ?? '').filter(({ keyword }) => keyword === 'FROM');
    for (const { text, line } of froms) {
      const [, version] = /(?:^|\/|\s)(?:python:|[^\s]*uv:[^\s]*python|[^\s]*python[^\s:]*:)(3\.\d+)/.exec(text) ?? [];
      if (version !== undefined) return { version, says: 'certain', evidence: evidenceAt(path, line, `FROM ${text}`) };
    }
  }
  return undefined;
};

const requirement = ({
  view,
  root,
}: Context): { readonly specifier: string; readonly evidence: Evidence } | undefined => {
  const path = joinPath(root, 'pyproject.toml');
  const text = view.read(path);
  const table = text === undefined ? undefined : readToml(text);
  const specifier =
    textAt(table, 'project', 'requires-python') ?? textAt(table, 'tool', 'poetry', 'dependencies', 'python');
  if (text !== undefined && specifier !== undefined) {
    return { specifier, evidence: evidenceAt(path, lineOf(text, specifier), `python ${specifier}`) };
  }
  const setup = joinPath(root, 'setup.py');
  const wants = setupArgument(view, setup, 'python_requires');
  if (wants?.value.kind === 'string') {
    return {
      specifier: wants.value.value,
      evidence: evidenceAt(setup, wants.line, `python_requires = ${wants.value.value}`),
    };
  }
  const pipfile = joinPath(root, 'Pipfile');
  const pipfileText = view.read(pipfile);
  const wanted = pipfileText === undefined ? undefined : textAt(readToml(pipfileText), 'requires', 'python_version');
  if (wanted !== undefined)
    return {
      specifier: `==${wanted}`,
      evidence: evidenceAt(pipfile, lineOf(pipfileText ?? '', 'python_version'), `python_version = ${wanted}`),
    };
  const [, runtime] = /^python-(3\.\d+)/.exec(view.read(joinPath(root, 'runtime.txt')) ?? '') ?? [];
  return runtime === undefined
    ? undefined
    : { specifier: `==${runtime}`, evidence: evidenceAt(joinPath(root, 'runtime.txt'), 1, `python-${runtime}`) };
};

/** The version that the project runs on; `today` (ISO date) decides what has come to its end. Our default: `preset`. */
export const pythonVersion = (
  context: Context,
  preset: string,
  today: string = new Date().toISOString().slice(0, 10),
): { readonly version: Finding<string>; readonly notices: readonly Notice[] } => {
  const notices: Notice[] = [];
  const required = requirement(context);
  const fits = (version: string) => required === undefined || satisfies(version, required.specifier);
  const named = [ofVersionFile(context), ofImage(context)].filter((candidate) => candidate !== undefined);
  const fitting = named.find(({ version }) => fits(version));
  for (const { version, evidence } of named.filter(({ version }) => !fits(version))) {
    notices.push({
      id: 'python-conflict',
      says: `Python ${version} does not satisfy ${required?.specifier}`,
      evidence: [evidence, ...(required ? [required.evidence] : [])],
    });
  }
  const lowest = required === undefined ? undefined : known.find((version) => fits(version));
  // Of versions that nobody chose, the oldest that still gets security fixes.
  const alive =
    required === undefined ? undefined : known.find((version) => fits(version) && pythonVersions[version] >= today);
  let version: Finding<string>;
  if (fitting !== undefined) version = found(fitting.version, fitting.says, fitting.evidence);
  else if (required !== undefined && (alive ?? lowest) !== undefined) {
    version = found(alive ?? lowest ?? preset, 'likely', required.evidence);
    if (alive !== lowest)
      notices.push({
        id: 'python-raised',
        says: `Python ${alive} and not ${lowest}, which gets no security fixes any more`,
        evidence: [required.evidence],
      });
  } else version = found(preset, 'guess', ...(required ? [required.evidence] : []));

  const { value, evidence } = version;
  if (!isKnown(value)) {
    const instead = alive ?? preset;
    notices.push({
      id: 'python-unknown',
      says: `there is no image for Python ${value}; there are ${known.join(', ')}`,
      evidence,
    });
    return { version: found(instead, 'guess', ...evidence), notices };
  }
  if (pythonVersions[value] < today) {
    notices.push({
      id: 'python-eol',
      says: `Python ${value} has had no security fixes since ${pythonVersions[value]}`,
      evidence,
    });
  }
  return { version, notices };
};
