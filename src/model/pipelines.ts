import type { Answers } from '../answers/questions.ts';
import { version } from '../base/version.ts';
import { ci } from '../policy/ci.ts';

/** The pipelines, what they run, and what asks for newer versions of it all. */
export const buildPipelines = ({ ci: where, packs }: Answers) => ({
  ...ci,
  generator: version(),
  onGitHub: where === 'github' || where === 'both',
  onGitLab: where === 'gitlab' || where === 'both',
  isNone: where === 'none',
  usesDependabot: where !== 'gitlab',
  usesRenovate: where === 'gitlab',
  /** Packs that npm installs; folders are there already. */
  hasPackages: packs.some((name) => !name.startsWith('.')),
});
