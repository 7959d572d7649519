import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../src/ask.ts';
import type { Door, Prompt } from '../src/door.ts';
import type { Refusal } from '../src/refusal.ts';
import { scratch, silentDoor } from './fixture.ts';

/** A terminal whose user answers by name and takes the default otherwise. */
const user = (answers: Readonly<Record<string, string | boolean>>) => {
  const asked: Prompt[] = [];
  const door: Door = {
    interactive: true,
    command: 'comicpile',
    say: () => undefined,
    prompt: (prompts) => {
      asked.push(...prompts);
      return Promise.resolve(
        Object.fromEntries(prompts.map(({ name, default: preset }) => [name, answers[name] ?? preset])),
      );
    },
  };
  return {
    door,
    asked: () => asked.map(({ name }) => name),
    prompt: (name: string) => asked.find((prompt) => prompt.name === name),
  };
};
const first = { yes: false, again: false, first: true };

describe('ask', () => {
  it('asks three things and whether there is more', async () => {
    const { door, asked, prompt } = user({ domain: 'a.example', appName: 'my-comics' });
    const raw = await ask(door, scratch(), {}, first);
    assert.deepEqual(asked(), ['domain', 'appName', 'dbUser', 'more']);
    assert.deepEqual([raw.domain, raw.appName, raw.bodySize], ['a.example', 'my-comics', '10m']);
    assert.equal(prompt('dbUser')?.default, 'mycomics', 'the database user is called after the app');
  });
  it('asks the rest only when wanted, without what concerns an app that is not there', async () => {
    const { door, asked } = user({ more: true, edge: true, hsts: 'host-only' });
    const raw = await ask(door, scratch(), { domain: 'a.example' }, first);
    assert.equal(raw.hsts, 'host-only');
    assert.ok(asked().includes('secrets') && !asked().includes('domain') && !asked().includes('databaseScheme'));
  });
  it('asks for the entry, port and health path of an app that is there', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'main.py'), '');
    const { door, asked } = user({});
    const raw = await ask(door, directory, {}, first);
    assert.deepEqual(asked(), ['domain', 'appName', 'dbUser', 'appEntry', 'appPort', 'healthPath', 'more']);
    assert.equal(raw.app, 'existing');
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
    const { door, prompt } = user({});
    await ask(door, scratch(), {}, first);
    assert.equal(prompt('domain')?.validate?.('a.example'), true);
    assert.match(String(prompt('domain')?.validate?.('bad host')), /is not a public host name/);
  });
  it('asks nothing that is answered, unless asked again', async () => {
    const given = { domain: 'a.example', appName: 'x', dbUser: 'y' };
    const quiet = user({});
    await ask(quiet.door, scratch(), given, { ...first, first: false });
    assert.deepEqual(quiet.asked(), []);
    const again = user({});
    const raw = await ask(again.door, scratch(), given, { yes: false, again: true, first: false });
    assert.deepEqual(again.asked(), ['domain', 'appName', 'dbUser', 'more']);
    assert.deepEqual([raw.domain, raw.appName, raw.dbUser], ['a.example', 'x', 'y']);
  });
  it('lists all that is missing where there is no terminal', async () => {
    await assert.rejects(ask(silentDoor(), scratch(), { appName: 'x' }, first), (error: Refusal) => {
      assert.deepEqual(
        error.problems.map((problem) => problem.split(' ')[0]),
        ['domain', 'dbUser', 'or'],
      );
      return error.code === 2;
    });
  });
  it('takes defaults with yes', async () => {
    assert.equal((await ask(silentDoor(), scratch(), {}, { ...first, yes: true })).domain, 'app.example.com');
  });
});
