import assert from 'node:assert/strict';
import { production } from '../production.ts';
import { run } from '../run.ts';
import { browse } from './browse.ts';
import { describeTool } from './describeTool.ts';
import { Judge } from './judge.ts';

describeTool('chromium', 'the report of the audit', () => {
  let judge: Judge;
  let shown: Awaited<ReturnType<typeof browse>>;
  let counts: { readonly ok: number; readonly FAIL: number };
  before(async () => {
    const { stack, authority } = await production();
    judge = await Judge.beside(stack, authority);
    // Something for a manager to see: what is wrong, and what mends it.
    stack.edit('.gitignore', (text) => text.replace('incident/\n', ''));
    try {
      const { stdout } = await run('./scripts/audit.sh', ['--live', '--html'], { cwd: stack.directory });
      counts = JSON.parse(
        (await run('./scripts/audit.sh', ['--live', '--json'], { cwd: stack.directory })).stdout,
      ).counts;
      await judge.must(['sh', '-c', 'cat >/home/judge/audit.html'], { input: stdout });
    } finally {
      stack.edit('.gitignore', (text) => `${text}incident/\n`);
    }
    const read = `({
      title: document.title,
      verdict: document.querySelector('.verdict').textContent,
      numbers: [...document.querySelectorAll('.numbers b')].map((each) => Number(each.textContent)),
      first: document.querySelector('h2').textContent,
      mend: document.querySelector('tr#git-ignores').textContent,
      rows: document.querySelectorAll('details tbody tr').length,
      sideways: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    })`;
    shown = await browse(judge, 'audit', {
      path: 'file:///home/judge/audit.html',
      until: 'document.querySelector(".verdict")',
      read,
    });
  });
  after(() => judge?.remove());

  it('is one page that asks nothing else, and the browser has nothing against it', () => {
    assert.deepEqual(shown.complaints, []);
    assert.deepEqual(shown.requests, ['file:///home/judge/audit.html']);
    assert.ok(shown.picture.colours > 50, String(shown.picture.colours));
  });

  it('says first what is broken, how grave it is, and what mends it', () => {
    const page = shown.value as Readonly<Record<string, unknown>>;
    assert.match(String(page.title), /^Security audit of stack-/);
    assert.match(String(page.verdict), /^\d+ of \d+ promises are broken, \d+ of them of high severity/);
    assert.equal(page.first, 'What to mend, the gravest first');
    assert.match(
      String(page.mend),
      /incident\/any\.tar\.gz could be committed.*Mend: put the lines back into \.gitignore/,
    );
    assert.deepEqual((page.numbers as number[]).slice(0, 2), [counts.ok, counts.FAIL]);
    assert.ok(Number(page.rows) > 150, String(page.rows));
    assert.equal(page.sideways, false);
  });
});
