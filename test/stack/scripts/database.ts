import assert from 'node:assert/strict';
import { certify } from '../certified.ts';
import type { Deployment } from '../deployment.ts';
import { folderOf, freshName, generate } from '../generated.ts';
import { siteOf } from '../production.ts';
import { superuser } from '../psql.ts';
import { must, run } from '../run.ts';
import { ask, type Site, sendJson } from '../site.ts';

/** A deployment of its own, whose database is changed for another one, and what the tests look at in it. */
export class Served {
  readonly stack: Deployment;
  readonly site: Site;
  readonly database: string;

  private constructor(stack: Deployment, site: Site) {
    this.stack = stack;
    this.site = site;
    this.database = stack.project.replaceAll('-', '_');
  }

  static async start(): Promise<Served> {
    const name = freshName();
    const stack = await generate(name, folderOf(name), ['--db-user', 'keeper']);
    const { certificate } = await certify(stack);
    await stack.up();
    return new Served(stack, siteOf(stack, certificate));
  }

  async add(title: string): Promise<void> {
    const { status, body } = await sendJson(this.site, '/api/comics', { title });
    assert.equal(status, 201, body);
  }

  async titles(): Promise<string[]> {
    const { status, body } = await ask(this.site, '/api/comics?limit=100');
    assert.equal(status, 200, body);
    return (JSON.parse(body) as { title: string }[]).map(({ title }) => title);
  }

  sql(text: string, database = this.database): Promise<string> {
    return superuser(this.stack, text, database);
  }

  async major(): Promise<string> {
    return (await this.sql("SELECT current_setting('server_version_num')::int / 10000")).trim();
  }

  /** The volume that the database has now. */
  async volume(): Promise<string> {
    const { Id } = await this.stack.inspect('db');
    const format = '{{range .Mounts}}{{if eq .Destination "/var/lib/postgresql/data"}}{{.Name}}{{end}}{{end}}';
    return (await must('docker', ['inspect', '--format', format, Id])).stdout;
  }

  /** Those that hold a database of this project, whether it runs or not. */
  async volumes(): Promise<string[]> {
    const { stdout } = await must('docker', [
      'volume',
      'ls',
      '--quiet',
      '--filter',
      `name=${this.stack.project}_db-data`,
    ]);
    return stdout.split('\n').filter(Boolean).sort();
  }

  /** SQL on a kept volume, with the image that it was for, beside the database that serves. */
  async sqlIn(volume: string, image: string, text: string): Promise<string> {
    const compose = ['docker', 'compose', '-f', 'docker-compose.prod.yml', '--env-file', '.env.production'];
    const settings = [
      `DB_VOLUME=${volume}`,
      `POSTGRES_IMAGE=${image}`,
      `BACKEND_BRIDGE=test-${this.stack.project.slice(-8)}`,
    ];
    const command = [...settings, ...compose, '-p', `${this.stack.project}_next`];
    const options = { cwd: this.stack.directory };
    try {
      await must('env', [...command, 'up', '-d', '--wait', '--no-deps', 'db'], options);
      const psql = ['exec', '-T', 'db', 'psql', '-XqAt', '-U', 'postgres', '-d', this.database, '-c', text];
      return (await must('env', [...command, ...psql], options)).stdout;
    } finally {
      await run('env', [...command, 'down'], options);
    }
  }

  /** Open, healthy, and nothing is left of a change that did not come about. */
  async assertServes(volumes: readonly string[]): Promise<void> {
    assert.equal((await ask(this.site, '/api/comics')).status, 200);
    assert.equal((await this.stack.script('maintenance.sh', 'status')).code, 0);
    assert.deepEqual(await this.volumes(), volumes);
    assert.equal(this.stack.env('DB_CHANGE'), '');
    const next = `label=com.docker.compose.project=${this.stack.project}_next`;
    assert.equal((await must('docker', ['ps', '--all', '--quiet', '--filter', next])).stdout, '');
  }
}
