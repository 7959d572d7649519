import assert from 'node:assert/strict';
import { ask } from '../../src/answers/ask.ts';
import { questionKeys, questions } from '../../src/answers/questions.ts';
import type { Door, Prompt } from '../../src/base/door.ts';
import type { Refusal } from '../../src/base/refusal.ts';
import { commandsOf } from '../../src/cli/door.ts';
import type { Detection } from '../../src/detect/detection.ts';
import type { Look } from '../../src/detect/look.ts';
import { found } from '../../src/detect/model.ts';
import { detectionOf } from '../detect/detections.ts';
import { folderWith, scratch, silentDoor } from '../fixture.ts';

/** A terminal whose user answers by name and takes the default otherwise. */
const user = (answers: Readonly<Record<string, string | boolean>>) => {
  const asked: Prompt[] = [];
  const said: string[] = [];
  const door: Door = {
    interactive: true,
    run: commandsOf('comicpile'),
    say: (line) => said.push(line),
    prompt: (prompts) => {
      asked.push(...prompts);
      return Promise.resolve(
        Object.fromEntries(prompts.map(({ name, default: preset }) => [name, answers[name] ?? preset])),
      );
    },
  };
  return {
    door,
    said: () => said.join('\n'),
    asked: () => asked.map(({ name }) => name),
    prompt: (name: string) => asked.find((prompt) => prompt.name === name),
    /** What a text question says of an answer. */
    judge: (name: string, answer: string) => {
      const prompt = asked.find((prompt) => prompt.name === name);
      return prompt?.type === 'input' ? prompt.validate(answer) : assert.fail(`${name} takes no text`);
    },
  };
};
/** What `bold` and `dim` put in. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
/** No look: for directories without an app. */
const look: Look = () => Promise.resolve(undefined);
const first = { yes: false, again: false, first: true, look };
const main = ['domain', 'appName', 'dbUser'];

const existingApp = () => folderWith({ 'requirements.txt': 'fastapi\n', 'main.py': '' });
const sees =
  (given: Partial<Detection> = {}): Look =>
  () =>
    Promise.resolve(detectionOf(given));
const seen: Partial<Detection> = {
  entry: found({ entry: 'shop.main:make', isFactory: true, pathRoot: 'src', file: 'src/shop/main.py' }, 'likely', {
    file: 'src/shop/main.py',
    line: 7,
    says: 'def make() -> FastAPI',
  }),
  port: found(9000, 'certain', { file: 'Dockerfile', line: 12, says: 'EXPOSE 9000' }),
  notices: [{ id: 'no-lock', says: 'there is no lock', evidence: [] }],
};

describe('ask', () => {
  it('asks three things and whether there is more', async () => {
    const { door, asked, prompt } = user({ domain: 'a.example', appName: 'my-comics' });
    const raw = await ask(door, scratch(), {}, first);
    assert.deepEqual(asked(), ['domain', 'appName', 'dbUser', 'more']);
    assert.deepEqual([raw.domain, raw.appName, raw.bodySize], ['a.example', 'my-comics', '10m']);
    assert.equal(prompt('dbUser')?.default, 'mycomics', 'the database user is called after the app');
  });
  it('asks the rest only when wanted, without what concerns an app that is not there', async () => {
    const { door, asked } = user({ more: true, edge: true, hsts: 'full' });
    const raw = await ask(door, scratch(), { domain: 'a.example' }, first);
    assert.equal(raw.hsts, 'full');
    assert.ok(asked().includes('secrets') && !asked().includes('domain') && !asked().includes('databaseScheme'));
  });
  it('asks for the entry, port and health path where nothing is found of an app that is there', async () => {
    const { door, asked } = user({});
    const raw = await ask(door, existingApp(), {}, first);
    assert.deepEqual(asked(), [...main, 'appEntry', 'appPort', 'healthPath', 'more']);
    assert.equal(raw.app, 'existing');
  });
  it('of an app that is found asks whether that is right, and nothing of it', async () => {
    const { door, asked, said } = user({});
    const raw = await ask(door, existingApp(), {}, { ...first, look: sees(seen) });
    assert.deepEqual(asked(), [...main, 'correct', 'more']);
    assert.deepEqual(
      [raw.app, raw.appEntry, raw.appPort, raw.healthPath, raw.migrations, raw.appRoot],
      ['existing', 'shop.main:make()', '9000', 'none', 'alembic', 'detect'],
    );
    assert.match(said(), /^ {2}entry +shop\.main:make\(\) +src\/shop\/main\.py:7$/m);
    assert.match(said(), /^ {2}port +9000 +Dockerfile:12$/m);
    assert.match(said(), /^ {2}! no-lock: there is no lock$/m);
  });
  it('asks for what was not found alone', async () => {
    const { door, asked, prompt } = user({ appEntry: 'other:app' });
    const raw = await ask(door, existingApp(), {}, { ...first, look: sees({ ...seen, entry: undefined }) });
    assert.deepEqual(asked(), [...main, 'correct', 'appEntry', 'more']);
    assert.equal(raw.appEntry, 'other:app');
    assert.doesNotMatch(prompt('appEntry')?.message ?? '', /Found/);
  });
  it('of an app that is found asks all when it is to be corrected, and says where each was found', async () => {
    const { door, asked, prompt, judge } = user({
      correct: true,
      appPort: '9001',
      workers: 'worker: arq shop.Settings',
    });
    const raw = await ask(door, existingApp(), {}, { ...first, look: sees(seen) });
    const fit = questionKeys.filter((key) => questions[key].group === 'fit');
    assert.deepEqual(asked(), [...main, 'correct', 'appEntry', 'appPort', 'healthPath', ...fit, 'more']);
    assert.deepEqual(
      [raw.appPort, raw.appEntry, raw.workers, raw.frontend],
      ['9001', 'shop.main:make()', 'worker: arq shop.Settings', 'detect'],
    );
    assert.match(prompt('appEntry')?.message ?? '', /\. Found: src\/shop\/main\.py:7\.\)/);
    assert.match(prompt('appPort')?.message ?? '', /\. Found: Dockerfile:12\.\)/);
    assert.match(prompt('healthPath')?.message ?? '', /\. Found: nothing in the project says so\.\)/);
    assert.equal(prompt('appPort')?.default, '9000');
    assert.match(String(judge('workers', 'rm -rf /')), /is not worker: COMMAND/);
  });
  it('takes what is given for right, and asks no more about it', async () => {
    const given = { appEntry: 'given:app', workers: 'none' };
    const { door, asked } = user({ correct: true });
    const raw = await ask(door, existingApp(), given, { ...first, look: sees(seen) });
    assert.ok(!asked().includes('appEntry') && !asked().includes('workers') && asked().includes('frontend'));
    assert.deepEqual([raw.appEntry, raw.workers], ['given:app', 'none']);
  });
  it('needs three answers and no terminal for an app that is found', async () => {
    const given = { domain: 'a.example', appName: 'shop', dbUser: 'shop' };
    const raw = await ask(silentDoor(), existingApp(), given, { ...first, look: sees(seen) });
    assert.deepEqual([raw.app, raw.appEntry, raw.appPort], ['existing', 'shop.main:make()', '9000']);
    await assert.rejects(
      ask(silentDoor(), existingApp(), given, { ...first, look: sees({ entry: undefined }) }),
      ({ problems }: Refusal) => problems[0]?.startsWith('appEntry:') === true && problems.length === 2,
    );
  });
  it('takes no value from the project that no answer may have', async () => {
    const hostile = found({ entry: 'a:b"; id', isFactory: false, pathRoot: '', file: 'a.py' }, 'certain');
    const given = { domain: 'a.example', appName: 'shop', dbUser: 'shop' };
    await assert.rejects(
      ask(silentDoor(), existingApp(), given, { ...first, look: sees({ entry: hostile }) }),
      ({ problems }: Refusal) => problems[0]?.startsWith('appEntry:') === true,
    );
    const control = found({ entry: 'a:b', isFactory: false, pathRoot: '\u001b[2J', file: 'a.py' }, 'certain', {
      file: '\u001b]0;x\u0007.py',
      says: '',
    });
    const { door, said, prompt } = user({ correct: true });
    await ask(door, existingApp(), {}, { ...first, look: sees({ entry: control }) });
    assert.match(said(), /\\u001b\[2J/);
    for (const text of [said(), prompt('appEntry')?.message ?? assert.fail()]) {
      assert.match(text.replaceAll(colours, ''), /^[\x20-\x7e\n]+$/);
    }
  });
  it('asks of the edge only when wanted, and what another answer makes pointless never', async () => {
    const asks = async (answers: Readonly<Record<string, string | boolean>>, given = {}) => {
      const { door, asked } = user({ more: true, ...answers });
      return { raw: await ask(door, scratch(), given, { ...first, again: true }), asked: asked() };
    };
    assert.ok(!(await asks({})).asked.includes('csp'));
    const plain = await asks({ edge: true }, { csp: 'custom', cspPolicy: "default-src 'self'" });
    assert.ok(plain.asked.includes('csp') && !plain.asked.includes('trustedProxies'));
    assert.ok(plain.asked.includes('cspPolicy'));
    const changed = await asks(
      { edge: true, csp: 'api', behind: 'proxies' },
      { csp: 'custom', cspPolicy: "default-src 'self'" },
    );
    assert.ok(!changed.asked.includes('cspPolicy') && changed.asked.includes('trustedProxies'));
    assert.equal(changed.raw.cspPolicy, '', 'an answer that has become pointless is dropped');
  });
  it('validates while the user types', async () => {
    const { door, judge } = user({});
    await ask(door, scratch(), {}, first);
    assert.equal(judge('domain', 'a.example'), true);
    assert.match(String(judge('domain', 'bad host')), /is not a public host name/);
  });
  it('asks nothing that is answered, unless asked again', async () => {
    const given = { domain: 'a.example', appName: 'x', dbUser: 'y' };
    const quiet = user({});
    await ask(quiet.door, scratch(), given, { ...first, first: false });
    assert.deepEqual(quiet.asked(), []);
    const again = user({});
    const raw = await ask(again.door, scratch(), given, { yes: false, again: true, first: false, look });
    assert.deepEqual(again.asked(), ['domain', 'appName', 'dbUser', 'more']);
    assert.deepEqual([raw.domain, raw.appName, raw.dbUser], ['a.example', 'x', 'y']);
  });
  it('lists all that is missing where there is no terminal', async () => {
    await assert.rejects(ask(silentDoor(), scratch(), { appName: 'x' }, first), (error: Refusal) => {
      assert.deepEqual(
        error.problems.map((problem) => problem.split(' ')[0]),
        ['domain:', 'dbUser:', 'or'],
      );
      return error.code === 2;
    });
  });
  it('takes defaults with yes', async () => {
    assert.equal((await ask(silentDoor(), scratch(), {}, { ...first, yes: true })).domain, 'app.example.com');
  });
});
