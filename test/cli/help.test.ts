import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse } from 'shell-quote';
import { flagOf, questionKeys } from '../../src/answers/questions.ts';
import { commandOf, commandWords, takes } from '../../src/cli/commandOf.ts';
import { commandsOf } from '../../src/cli/door.ts';
import { flagKeys } from '../../src/cli/flags.ts';
import { help } from '../../src/cli/help.ts';
import { parseLine } from '../../src/cli/parse.ts';
import { helpFile, helpTexts } from './helpTexts.ts';

const texts = helpTexts('comicpile');
const yo = helpTexts('yo');

describe('help', () => {
  for (const [name, text] of Object.entries(texts)) {
    it(`${name} is as test/cli/help/${name}.txt has it`, () =>
      assert.equal(text, readFileSync(helpFile(name), 'utf8')));
    it(`${name} fits into 80 columns, at both doors`, () => {
      const wide = `${text}${yo[name]}`.split('\n').filter((line) => line.length > 80);
      assert.deepEqual(wide, []);
    });
  }
  it('has no text of a command that is gone', () => {
    const files = readdirSync(dirname(helpFile('comicpile')));
    assert.deepEqual(
      files.sort(),
      Object.keys(texts)
        .map((name) => `${name}.txt`)
        .sort(),
    );
  });

  it('names every command, and the three first questions alone', () => {
    for (const word of commandWords) assert.match(texts.comicpile ?? '', new RegExp(`^ {2}${word} +[A-Z]`, 'm'), word);
    const named = questionKeys.filter((key) => texts.comicpile?.includes(`  --${flagOf(key)} VALUE`));
    assert.deepEqual(named, ['domain', 'appName', 'dbUser']);
  });
  it('of all questions has each, under the title of its group', () => {
    for (const key of questionKeys) assert.ok(texts.questions?.includes(`  --${flagOf(key)} VALUE`), key);
    for (const title of ['The site:', 'The deployment:', 'The edge:'])
      assert.ok(texts.questions?.includes(title), title);
  });
  it('of a command has its own flags, and no other', () => {
    for (const word of commandWords) {
      const { flags = [] } = commandOf(word) ?? {};
      const shown = flagKeys.filter((key) =>
        new RegExp(`^ {2}(?:-., )?--${flagOf(key)}(?: |$)`, 'm').test(texts[word] ?? ''),
      );
      assert.deepEqual(shown.sort(), [...flags].sort(), word);
    }
  });
  it('speaks the language of the door', () => {
    assert.match(yo.update ?? '', /^Usage: yo comicpile:update \[flags\]\n/);
    assert.match(yo.file ?? '', /^ {2}yo comicpile:file scripts\/backup\.sh$/m);
    assert.match(yo.comicpile ?? '', /^Usage: yo comicpile \[flags\]\n {7}yo comicpile:COMMAND \[flags\]\n/);
    for (const text of Object.values(yo)) assert.doesNotMatch(text, /(?<!yo )(?<![/@\w.-])comicpile [a-z-]+/);
  });
  it('of a word that is no command says which one is meant', () => {
    assert.throws(() => help({ run: commandsOf('comicpile') }, 'updat', false), {
      message: 'There is no command "updat". Did you mean "update"? All commands: comicpile --help',
    });
  });
});

describe('examples', () => {
  for (const word of [undefined, ...commandWords]) {
    it(`of ${word ?? 'a generation'} can be read`, () => {
      const command = commandOf(word) ?? assert.fail();
      for (const example of command.examples) {
        const args = parse(example.replace(/ >.*/, '')).map((part) =>
          typeof part === 'string' ? part : 'pattern' in part ? part.pattern : '',
        );
        const { values, problems } = parseLine(args);
        assert.deepEqual(problems, [], example);
        for (const key of Object.keys(values)) assert.ok(takes(command, key), `${word} ${example}`);
      }
    });
  }
});

describe('flags', () => {
  it('are each of some command', () => {
    const commands = [undefined, ...commandWords].map((word) => commandOf(word) ?? assert.fail());
    for (const key of flagKeys)
      assert.ok(
        commands.some((command) => takes(command, key)),
        key,
      );
  });
});
