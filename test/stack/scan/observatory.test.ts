import assert from 'node:assert/strict';
import { domain } from '../generated.ts';
import { production } from '../production.ts';
import { describeTool } from './describeTool.ts';
import { Judge, weak } from './judge.ts';

type Row = { readonly result: string; readonly pass: boolean; readonly points: number };
type Score = { readonly score: number; readonly grade: string; readonly rows: readonly Row[] };

/** Results without a bonus that another site could have, and why this one cannot. */
const withoutBonus: Readonly<Record<string, string>> = {
  'cookies-not-found': 'the app sets no cookie; one that is Secure, HttpOnly and SameSite would be worth 5',
  'hsts-implemented-max-age-at-least-six-months': 'only a name on the list in the browsers gets 5: it is for the owner',
  'sri-not-implemented-but-all-scripts-loaded-from-secure-origin': '5 are for integrity on scripts of other hosts',
};

/** Results that neither take nor could give. */
const neutral = [
  'cross-origin-resource-sharing-not-implemented',
  'redirection-to-https',
  'x-content-type-options-nosniff',
];

const bonus: Readonly<Record<string, number>> = {
  'csp-implemented-with-no-unsafe-default-src-none': 10,
  'corp-implemented-with-same-origin': 10,
  'referrer-policy-private': 5,
  'x-frame-options-implemented-via-csp': 5,
};

describeTool('observatory', "MDN's HTTP Observatory on the production stack", () => {
  let judge: Judge;
  before(async () => {
    const { stack, authority } = await production();
    judge = await Judge.beside(stack, authority);
  });
  after(() => judge?.remove());

  const scoreOf = async (host: string): Promise<Score> =>
    JSON.parse((await judge.must(['node', 'observatory.mjs', host])).stdout) as Score;

  it('gives every point that a site without cookies can have on its first day', async () => {
    const { score, grade, rows } = await scoreOf(domain);
    for (const { points, result } of rows) console.log(`      ${String(points).padStart(3)} ${result}`);
    console.log(`      measured: ${score} ${grade}`);
    assert.deepEqual([score, grade], [130, 'A+']);
    const found = Object.fromEntries(rows.filter(({ points }) => points !== 0).map((row) => [row.result, row.points]));
    assert.deepEqual(found, bonus);
    assert.deepEqual(
      rows
        .filter(({ points }) => points === 0)
        .map(({ result }) => result)
        .sort(),
      [...Object.keys(withoutBonus), ...neutral].sort(),
    );
  });

  it('fails a site without headers', async () => {
    await judge.serveWeakly();
    const { score, rows } = await scoreOf(weak);
    assert.ok(score < 50, String(score));
    assert.ok(rows.some(({ result, pass }) => result === 'csp-not-implemented' && !pass));
  });
});
