import { parseAnswers } from '../../src/answers/parse.ts';
import { defaultAnswers, type RawAnswers } from '../../src/answers/questions.ts';
import { type Header, securityHeaders } from '../../src/policy/headers.ts';
import { type Reply, valuesOf } from './site.ts';

/** The headers that every reply carries with these answers. */
export const promisedBy = (answers: Partial<RawAnswers>): readonly Header[] =>
  securityHeaders(parseAnswers({ ...defaultAnswers, ...answers }));

/** Those that a reply lacks, has twice, or has with another value. */
export const differing = (reply: Reply, promised: readonly Header[]): string[] =>
  promised
    .map(({ name, value }) => ({ name, value, found: valuesOf(reply, name) }))
    .filter(({ value, found }) => found.length !== 1 || found[0] !== value)
    .map(({ name, found }) => `${name}: ${JSON.stringify(found)}`);
