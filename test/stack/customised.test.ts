import assert from 'node:assert/strict';
import { join } from 'node:path';
import { writePack } from '../team/somePack.ts';
import type { Deployment } from './deployment.ts';
import { domain, folderOf, freshName, generate } from './generated.ts';
import { siteOf } from './production.ts';
import { publishedCommand } from './published.ts';
import { must } from './run.ts';
import { ask, type Site, valuesOf } from './site.ts';

const manifest = {
  questions: { team: { message: 'Team', kind: 'words', default: 'Platform' } },
  policy: {
    connections: { replicas: 3 },
    limits: { authBurst: 2 },
    headers: { 'X-Robots-Tag': { value: 'noindex', why: 'Search engines do not list these pages' } },
  },
};
/** Something at every place that we have. */
const lines = {
  'nginx/nginx.conf.extra/main': 'worker_priority 0;\n',
  'nginx/nginx.conf.extra/http': 'map $uri $of_the_team {\n    default "<%- packs.acme.team %>";\n}\n',
  'nginx/sites/site.conf.extra/server': 'client_max_body_size 3m;\n',
  'nginx/sites/site.conf.extra/locations':
    'location = /team {\n    try_files "" @team;\n}\nlocation @team {\n    default_type text/plain;\n    return 200 "$of_the_team\\n";\n}\n',
  'nginx/snippets/security-headers.conf.extra/headers': 'add_header X-Team "$of_the_team" always;\n',
  'nginx/snippets/rate-limits.conf.extra/zones': 'limit_req_zone $server_name zone=team:1m rate=1000r/s;\n',
  'nginx/snippets/proxy.conf.extra/proxy': 'proxy_set_header X-Team "$of_the_team";\n',
  'docker-compose.prod.yml.extra/app-environment': 'TEAM: "<%- packs.acme.team %>"\n',
  'docker-compose.prod.yml.extra/services': `idle:
  <<: *hardened
  image: <%- images.python %>
  command: ["sleep", "3600"]
  user: "10001:10001"
  restart: unless-stopped
  volumes:
    - idle-data:/data
  networks:
    - team
  healthcheck:
    test: ["CMD", "true"]
  deploy:
    resources:
      limits:
        cpus: "0.10"
        memory: 32M
        pids: 10
`,
  'docker-compose.prod.yml.extra/networks': 'team:\n  internal: true\n',
  'docker-compose.prod.yml.extra/volumes': 'idle-data: {}\n',
  'docker-compose.yml.extra/app-environment': 'TEAM: "<%- packs.acme.team %>"\n',
  'docker-compose.yml.extra/services':
    'idle:\n  <<: *hardening\n  image: <%- images.python %>\n  command: ["sleep", "3600"]\n',
  'docker-compose.yml.extra/volumes': 'idle-data:\n',
  'Dockerfile.extra/build': 'ENV BUILT_BY="<%- packs.acme.team %>"\n\n',
  'Dockerfile.extra/runtime': 'RUN echo "<%- packs.acme.team %>" >/etc/team\n\n',
  '_env.example.extra/settings': '\n# Of the team.\nQUEUE_LENGTH=8\n',
  '_env.production.extra/settings': '\n# Of the team.\nQUEUE_LENGTH=8\n',
  '_gitignore.extra/lines': 'team/\n',
  '_dockerignore.extra/lines': 'team\n',
  'scripts/lib.sh.extra/functions':
    'team_answers() { curl --silent --max-time 10 --cacert ssl/fullchain.pem --resolve "<%- site.domain %>:$(env_get HTTPS_PORT):127.0.0.1" "https://<%- site.domain %>:$(env_get HTTPS_PORT)/team" | grep -qx "<%- packs.acme.team %>"; }\n',
  'scripts/deploy.sh.extra/start': 'say "deployed by <%- packs.acme.team %>"\n',
  'scripts/audit.sh.extra/checks': "check 'the page of the team answers' team_answers\n",
  'ops.mk.extra/targets': 'team: ## who is called\n\t@echo "<%- packs.acme.team %>"\n.PHONY: team\n',
  'SECURITY.md.extra/more': '## Team\n\n<%- packs.acme.team %>\n\n',
};

describe('a project with a pack', () => {
  let stack: Deployment;
  let site: Site;
  before(async () => {
    const name = freshName();
    const directory = folderOf(name);
    const templates = Object.fromEntries(Object.entries(lines).map(([path, text]) => [`${path}.ejs`, text]));
    writePack(join(directory, 'team'), manifest, templates);
    stack = await generate(name, directory, ['--packs', './team', '--trust', '--set', 'acmeTeam=Payments team']);
    await stack.mustScript('deploy.sh');
    site = siteOf(stack, stack.read('ssl/fullchain.pem'));
  });
  after(() => stack.remove());

  const comicpile = async (...args: string[]) => must(await publishedCommand(), args, { cwd: stack.directory });

  it('serves what the pack adds, with the headers of the policy and of the pack', async () => {
    const reply = await ask(site, '/team');
    assert.deepEqual([reply.status, reply.body], [200, 'Payments team\n']);
    for (const answer of [reply, await ask(site, '/health')]) {
      assert.deepEqual(valuesOf(answer, 'X-Robots-Tag'), ['noindex']);
      assert.deepEqual(valuesOf(answer, 'X-Team'), ['Payments team']);
      assert.equal(valuesOf(answer, 'Strict-Transport-Security').length, 1);
    }
  });
  it('runs as many containers as the policy says, the pack’s own service hardened as ours', async () => {
    const { stdout } = await stack.compose('ps', '--quiet', 'app');
    assert.equal(stdout.split('\n').filter(Boolean).length, 3);
    const { HostConfig, State } = await stack.inspect('idle');
    assert.deepEqual([State.Status, HostConfig.ReadonlyRootfs, HostConfig.Memory], ['running', true, 32 * 1024 * 1024]);
    assert.ok((await stack.inspect('app')).Config.Env.includes('TEAM=Payments team'));
    assert.equal((await stack.inside('app', ['cat', '/etc/team'])).stdout, 'Payments team');
  });
  it('keeps every promise of SECURITY.md, and one of the pack', async () => {
    await stack.guard();
    const { stdout } = await stack.script('audit.sh', '--live', '--allow-self-signed');
    assert.deepEqual(stdout.match(/^FAIL.*$/gm) ?? [], []);
    assert.match(stdout, /^ok +own-1 +the page of the team answers$/m);
    assert.equal((await must('make', ['team'], { cwd: stack.directory })).stdout, 'Payments team');
  });
  it('is a valid development stack, too', async () => {
    const { stdout } = await must('docker', ['compose', '-f', 'docker-compose.yml', 'config', '--services'], {
      cwd: stack.directory,
    });
    assert.ok(stdout.split('\n').includes('idle'));
  });
  it('has not drifted after a deployment, and deploys again', async () => {
    assert.equal(stack.env('QUEUE_LENGTH'), '8');
    assert.match((await comicpile('check')).stdout, /files are as/);
    assert.match((await comicpile('update', '--trust')).stdout, /Nothing to update/);
    assert.match((await stack.mustScript('deploy.sh')).stderr, /deployed by Payments team/);
    assert.equal((await ask(site, '/team')).status, 200);
    assert.equal(site.domain, domain);
  });
});
