import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minifySync } from 'rolldown/utils';
import { artifacts, templateOf } from '../src/emit/catalogue.ts';
import { compile } from '../src/emit/engine.ts';
import { readTemplate } from '../src/emit/grammar.ts';
import { slotsIn, withSlots } from '../src/emit/slots.ts';
import { ourPolicy } from '../src/policy/policy.ts';
import { sampleStacks } from '../src/team/samples.ts';

const keys = new Set(
  Object.values(sampleStacks({ policy: ourPolicy, packs: {} })).flatMap((stack) => Object.keys(stack)),
);

/** The source of one of our templates with its slots empty; throws where it is outside the grammar. */
const sourceOf = (path: string, text: string): string => {
  const { problems } = readTemplate(text, keys);
  if (problems.length > 0) {
    throw new Error(problems.map(({ line, what }) => `templates/${path}:${line}: ${what}`).join('\n'));
  }
  const template = { source: { name: 'built in', root: '' }, path, text };
  return readTemplate(withSlots(template, []).text, keys).source;
};

// EJS writes a piece of text so, and so nothing else: a look-up does not begin with a quote.
const literal = /__append\("((?:[^"\\]|\\.)*)"\)/g;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r' };
const unquoted = (quoted: string): string =>
  quoted.replace(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped);

// Whatever is not ASCII stands in a string. With one such character V8 would keep all of the code in two bytes a character.
const ascii = (code: string): string =>
  code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Writes what src/emit/builtIns.ts loads into the package below `root`: one module of what EJS makes of its templates, and the text
 * between their tags in a file of its own. In the code Node would parse that half a megabyte twice; so it is read as bytes, which is
 * why it is ASCII, and what is not stays in the code.
 */
export const writeCompiledTemplates = (root: string): void => {
  let texts = '';
  const part = (text: string): string => {
    if (/\P{ASCII}/u.test(text)) return JSON.stringify(text);
    texts += text;
    return `t(${texts.length - text.length}, ${texts.length})`;
  };
  const rows = artifacts.map(templateOf).map((path) => {
    const text = readFileSync(join(root, 'templates', path), 'utf8');
    const body = compile(sourceOf(path, text)).body.replace(literal, (_, quoted: string) => {
      const parts = unquoted(quoted).split(/(\P{ASCII}+)/u);
      return `__append(${parts
        .filter((each) => each !== '')
        .map(part)
        .join(' + ')})`;
    });
    return `${JSON.stringify(path)}: { slots: ${JSON.stringify(slotsIn(text))}, run(locals) { ${body} } },`;
  });
  const module = `'use strict';
    const texts = require('node:fs').readFileSync(require('node:path').join(__dirname, 'templates.txt'), 'latin1');
    const t = (from, to) => texts.slice(from, to);
    module.exports = { ${rows.join('\n')} };`;
  const { code, errors } = minifySync('templates.cjs', module, { module: false });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  writeFileSync(join(root, 'dist/templates.cjs'), ascii(code));
  writeFileSync(join(root, 'dist/templates.txt'), texts);
};
