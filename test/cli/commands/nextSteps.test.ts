import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { nextSteps } from '../../../src/cli/commands/nextSteps.ts';
import { fitApp } from '../../detect/fitApp.ts';
import { folderWith, scratch, stackOf } from '../../fixture.ts';

describe('the next steps', () => {
  it('begin a repository only where there is none, in a folder above neither', () => {
    const outside = scratch();
    assert.match(nextSteps(outside, stackOf()).join('\n'), /\n {2}git init && git add -A /);
    mkdirSync(join(outside, '.git'));
    mkdirSync(join(outside, 'api'));
    for (const folder of [outside, join(outside, 'api')]) {
      assert.match(nextSteps(folder, stackOf()).join('\n'), /\n {2}git add -A /);
    }
  });
  it('name the line of a pipeline that was there before, where it lacks it', () => {
    const steps = (files: Readonly<Record<string, string>>, where: 'github' | 'gitlab') =>
      nextSteps(folderWith(files), stackOf({ ci: where })).join('\n');
    const include = /include: \[\{ local: \.gitlab\/ci\/security\.yml \}\] +# in your \.gitlab-ci\.yml/;
    assert.match(steps({ '.gitlab-ci.yml': 'build: {}\n' }, 'gitlab'), include);
    assert.doesNotMatch(
      steps({ '.gitlab-ci.yml': 'include:\n  - local: .gitlab/ci/security.yml\n' }, 'gitlab'),
      include,
    );
    assert.doesNotMatch(steps({ '.gitlab-ci.yml': 'build: {}\n' }, 'github'), include);
  });
  it('name what monitoring needs that is no answer, and the timers', () => {
    const steps = (answers: Parameters<typeof stackOf>[0]) => nextSteps(scratch(), stackOf(answers)).join('\n');
    const monitored = steps({ monitoring: 'on', alertReceiver: 'slack', logShipping: 'loki' });
    for (const name of ['alert_url', 'deadman_url', 'loki_url', 'loki_login']) {
      assert.match(monitored, new RegExp(`\\n {2}\\./scripts/monitoring\\.sh secret ${name} +# .+\\n[^]*deploy\\.sh`));
    }
    assert.doesNotMatch(steps({}), /monitoring/);
    assert.match(steps({}), /\n {2}sudo \.\/scripts\/timers\.sh install +# /);
  });
  it('name the variables that the app needs, and how their file is closed to others', () => {
    const folder = folderWith(fitApp);
    const steps = nextSteps(folder, stackOf({ app: 'existing', appEntry: 'shop.main:create_app()' }, folder));
    assert.match(
      steps.join('\n'),
      /\n {2}\(umask 077 && touch \.env\.app\) +# then NAME=value in it for SMTP_HOST, STRIPE_API_KEY\n/,
    );
    assert.doesNotMatch(nextSteps(folder, stackOf()).join('\n'), /\.env\.app/);
  });
});
