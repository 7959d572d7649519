import assert from 'node:assert/strict';

/** Tools that whoever started the suite leaves out by name; a name that is none of its own would skip nothing, silently. */
export const skippedTools = (known: readonly string[]): ReadonlySet<string> => {
  const skipped = new Set((process.env.COMICPILE_SKIP_TOOLS ?? '').split(/[\s,]+/).filter(Boolean));
  for (const name of skipped) {
    assert.ok(known.includes(name), `COMICPILE_SKIP_TOOLS: ${name} is none of ${known.join(', ')}`);
  }
  return skipped;
};
