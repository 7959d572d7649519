import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { Refusal } from '../../src/base/refusal.ts';
import { commandsOf, type DoorName } from '../../src/cli/door.ts';
import { type Call, run } from '../../src/cli/run.ts';
import { scratch, silentDoor } from '../fixture.ts';

const refuses = (title: string, call: Partial<Call>, message: string | RegExp, name: DoorName = 'comicpile') =>
  it(`refuses ${title}: exit code 2, nothing written`, async () => {
    const directory = scratch();
    const door = { ...silentDoor(), run: commandsOf(name) };
    await assert.rejects(run(door, { word: undefined, args: [], values: {}, ...call }, directory), (error: Refusal) => {
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return error.code === 2;
    });
    assert.deepEqual(readdirSync(directory), []);
  });

describe('run', () => {
  const all = 'All commands: comicpile --help';
  refuses('a typing error', { word: 'updat' }, `There is no command "updat". Did you mean "update"? ${all}`);
  refuses('an owner with one', { word: 'ngnix' }, `There is no command "ngnix". Did you mean "nginx"? ${all}`);
  refuses('the word for help', { word: 'hepl' }, `There is no command "hepl". Did you mean "help"? ${all}`);
  refuses('what is like no command', { word: 'kubernetes' }, `There is no command "kubernetes". ${all}`);
  refuses('a command behind yo without a colon', { args: ['nginx'] }, 'Give yo comicpile:nginx instead.', 'yo');
  refuses(
    'a typing error there',
    { args: ['updat'] },
    'There is no command "updat". Did you mean yo comicpile:update? All commands: yo comicpile --help',
    'yo',
  );
  refuses('a word too many', { word: 'nginx', args: ['x'] }, '"x" is one word too many: nothing follows nginx.');
  refuses(
    'one behind a file',
    { word: 'diff', args: ['a', 'b'] },
    /^"b" is one word too many\. For example: comicpile diff /,
  );
  refuses('no file', { word: 'diff' }, 'diff needs FILE behind it. For example: comicpile diff nginx/nginx.conf');
  refuses(
    'no file at yo',
    { word: 'diff' },
    'diff needs FILE behind it. For example: yo comicpile:diff nginx/nginx.conf',
    'yo',
  );
  refuses(
    'a choice that is none',
    { word: 'templates', args: ['lsit'] },
    /^There is no "templates lsit"\. Did you mean "list"\?/,
  );
  refuses(
    'a file beside --list',
    { word: 'file', args: ['x'], values: { list: true } },
    /^file takes either FILE or --list\./,
  );
  refuses(
    'a flag of others',
    { word: 'nginx', values: { json: true } },
    '--json does nothing for nginx: it is a flag of detect, check and audit.',
  );
  refuses(
    'an answer where nothing is asked',
    { word: 'check', values: { csp: 'spa' } },
    '--csp does nothing for check: it answers a question, and nothing is asked there.',
  );
  refuses('an empty folder', { values: { output: '' } }, '--output needs a value: --output FOLDER.');
  refuses(
    'a treatment that is none',
    { values: { existing: 'bakcup' } },
    '--existing "bakcup" is not one of backup, keep, refuse. Did you mean "backup"?',
  );
  refuses('two values of Yeoman', { values: { domain: ['a', 'b'] } }, '--domain needs one value.');
  refuses(
    'a choice with a typing error',
    { values: { yes: true, csp: 'sap' } },
    /--csp: "sap" is not one of .*\. Did you mean "spa"\?/,
  );
  refuses(
    'all problems at once',
    { word: 'updat', problems: ['There is no flag --domian.'] },
    /^The command line cannot be read \(nothing was written\):\n {2}- There is no flag --domian\.\n {2}- There is no command "updat"/,
  );
});
