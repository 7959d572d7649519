import type { Rule } from '../verify.ts';
import { captures, textOf } from './text.ts';

/** A tick in SECURITY.md names, in its last column, the check of scripts/security-check.sh that proves it. */
export const ticksChecked: Rule = (files) => {
  const checks = textOf(files, 'scripts/security-check.sh');
  const named = captures(textOf(files, 'SECURITY.md'), /^\| ✅ \|.*\| (.+) \|$/gm);
  if (named.length === 0) return ['SECURITY.md ticks nothing'];
  return named
    .filter((check) => !checks.includes(check))
    .map((check) => `SECURITY.md ticks what scripts/security-check.sh does not check: ${check}`);
};
