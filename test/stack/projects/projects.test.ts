import assert from 'node:assert/strict';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { eventually } from '../eventually.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { siteOf } from '../production.ts';
import { browse } from '../scan/browse.ts';
import { Judge } from '../scan/judge.ts';
import { ask, type Site, sendJson } from '../site.ts';
import { layOut, readRunnable, runnableNames } from './runnable.ts';

/**
 * Projects as teams have them, one of each package manager and driver: three answers, then the script that a user runs. What was
 * found is right if the app works.
 */
for (const name of runnableNames) {
  describe(`project ${name}`, () => {
    const { health, migration, create, list, job, scheduled, page } = readRunnable(name);
    let stack: Deployment;
    let site: Site;
    let judge: Judge | undefined;

    before(async function () {
      this.timeout(900_000);
      const project = freshName();
      const directory = folderOf(project);
      layOut(name, directory);
      stack = await generate(project, directory, ['--existing', 'backup']);
      const authority = await certify(stack);
      await stack.mustScript('deploy.sh');
      site = siteOf(stack, authority.certificate);
      if (page !== undefined) judge = await Judge.beside(stack, authority);
    });
    after(() => {
      judge?.remove();
      stack?.remove();
    });

    const shows = async (path: string, text: string): Promise<true> => {
      const { status, body } = await ask(site, path);
      assert.equal(status, 200, `${path}: ${body}`);
      assert.ok(body.includes(text), `${path}: ${body}`);
      return true;
    };

    it('is healthy through TLS', async () => {
      assert.equal((await ask(site, health)).status, 200);
    });

    if (migration !== undefined) {
      it('has the schema of its migrations', async () => {
        await shows(migration.path, migration.contains);
      });
    }

    it('writes a row and reads it again', async () => {
      const made = await sendJson(site, create.path, create.body);
      assert.ok(made.status === 200 || made.status === 201, `${made.status}: ${made.body}`);
      for (const value of Object.values(create.body as Readonly<Record<string, string>>)) await shows(list, value);
    });

    if (job !== undefined) {
      it('its worker does a job', async () => {
        const { status, body } = await sendJson(site, job.start, {});
        assert.ok(status >= 200 && status < 300, `${status}: ${body}`);
        await eventually('the job is done', 60, () => shows(job.done.path, job.done.contains));
      });
    }

    if (scheduled !== undefined) {
      it('its scheduler starts one by itself', async () => {
        await eventually('a scheduled job is done', 60, () => shows(scheduled.path, scheduled.contains));
      });
    }

    if (page !== undefined) {
      it('its page shows in a browser what the API has', async () => {
        assert.ok(judge);
        const text = 'document.body.innerText';
        const until = `${text}.includes(${JSON.stringify(page.contains)})`;
        const visit = await browse(judge, `project-${name}`, { path: page.path, until, read: text });
        assert.ok(String(visit.value).includes(page.contains), JSON.stringify(visit.value));
        assert.deepEqual(visit.complaints, []);
      });
    }

    it('keeps what the audit asks for', async () => {
      await stack.guard();
      await stack.mustScript('audit.sh', '--live', '--allow-self-signed');
    });
  });
}
