import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contextOf } from '../../../../src/detect/rules/code/context.ts';
import { moduleOf } from '../../../../src/detect/rules/code/modulePaths.ts';
import { workers } from '../../../../src/detect/rules/workers/workers.ts';
import { viewOf } from '../../../../src/detect/view.ts';
import { scratch } from '../../../fixture.ts';

type Files = Readonly<Record<string, string>>;

const look = (files: Files, pathRoot = '', root = '') => {
  const directory = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return workers(contextOf(viewOf(directory), root), pathRoot);
};
const commandsOf = (files: Files, pathRoot = '', root = ''): readonly string[] =>
  look(files, pathRoot, root).workers.map(({ value }) => value.command.join(' '));
const noticesOf = (files: Files): readonly string[] => look(files).notices.map(({ id }) => id);
/** `redis NAME=form/database …` */
const queueOf = (files: Files): string => {
  const { queue } = look(files);
  if (queue === undefined) return 'none';
  const variables = queue.value.variables.map(
    ({ name, form, database }) => `${name}=${form}${database === undefined ? '' : `/${database}`}`,
  );
  return [queue.value.server, ...variables].join(' ');
};
const compose = (...commands: readonly string[]): Files => ({
  'compose.yaml': `services:\n${commands.map((command, index) => `  s${index}:\n    command: ${command}\n`).join('')}`,
});
const celery = (more = '', broker = 'os.environ["BROKER"]'): Files => ({
  'app/worker.py': `import os\nfrom celery import Celery\n\ncelery_app = Celery("app", broker=${broker})\n${more}`,
});

describe('moduleOf', () => {
  for (const [path, root, module] of [
    ['app/worker.py', '', 'app.worker'],
    ['src/app/worker.py', 'src', 'app.worker'],
    ['app/tasks/__init__.py', '', 'app.tasks'],
    ['worker.py', 'src', undefined],
    ['my-app/worker.py', '', undefined],
  ] as const) {
    it(`${path} from '${root}': ${module}`, () => assert.equal(moduleOf(path, root), module));
  }
});

describe('workers: Celery', () => {
  it('takes the instance in the code, with where it stands', () => {
    assert.deepEqual(look(celery()).workers, [
      {
        value: {
          library: 'celery',
          role: 'worker',
          command: ['celery', '-A', 'app.worker:celery_app', 'worker', '--loglevel', 'INFO'],
        },
        confidence: 'likely',
        evidence: [{ file: 'app/worker.py', line: 4, says: 'celery_app = Celery("app", broker=os.environ["BROKER"])' }],
      },
    ]);
  });
  it('takes one that a factory makes, not a class of the same name', () => {
    const factory = 'from celery import Celery\ndef make() -> Celery:\n    return Celery("x")\nq = make()\n';
    assert.deepEqual(commandsOf({ 'a.py': factory }), ['celery -A a:q worker --loglevel INFO']);
    assert.deepEqual(commandsOf({ 'a.py': 'from vegetables import Celery\nq = Celery("x")\n' }), []);
  });
  it('takes the command of the project, which is certain', () => {
    const { workers: all } = look({ ...celery(), ...compose('celery -A app.worker worker -c 4 -l info') });
    assert.deepEqual(
      all.map(({ value, confidence, evidence }) => [value.command.join(' '), confidence, evidence[0]?.file]),
      [['celery -A app.worker worker -c 4 -l info', 'certain', 'compose.yaml']],
    );
  });
  for (const [written, clean] of [
    ['uv run celery --app app.worker worker', 'celery -A app.worker worker'],
    ['python -m celery worker -A app.worker', 'celery -A app.worker worker'],
    ['watchmedo auto-restart -d . -- celery -A app.worker worker', 'celery -A app.worker worker'],
    ['watchfiles "celery -A app.worker worker -l INFO" app', 'celery -A app.worker worker -l INFO'],
    ['celery -A app.worker worker --concurrency=$WORKERS -Q $QUEUE -E', 'celery -A app.worker worker -E'],
    ['celery -A app.worker worker --logfile=logs/a.log --pidfile w.pid -D', 'celery -A app.worker worker'],
    ['celery -A app.worker worker -B', 'celery -A app.worker worker -B --schedule /tmp/celerybeat-schedule'],
    ['celery -A app.worker beat -s beat/x', 'celery -A app.worker beat --schedule /tmp/celerybeat-schedule'],
    ['celery -A app.worker beat -S redbeat.RedBeatScheduler', 'celery -A app.worker beat -S redbeat.RedBeatScheduler'],
  ] as const) {
    it(`${written}: ${clean}`, () => assert.ok(commandsOf({ ...celery(), ...compose(written) }).includes(clean)));
  }
  it('takes no flower, and no inspection for health', () => {
    const others = compose('celery -A app.worker flower', 'celery -A app.worker inspect ping');
    assert.deepEqual(commandsOf({ ...celery(), ...others }), [
      'celery -A app.worker:celery_app worker --loglevel INFO',
    ]);
  });
  it('keeps a worker for each of several queues, and each once', () => {
    const said = compose(
      'celery -A app.worker worker -Q a',
      'celery -A app.worker worker -Q b',
      'celery -A app.worker worker -Q b -c 2',
    );
    const files = { ...celery(), ...said, Makefile: 'run:\n\tcelery -A app.worker worker -Q dev\n' };
    assert.deepEqual(commandsOf(files), ['celery -A app.worker worker -Q a', 'celery -A app.worker worker -Q b']);
  });
  it('takes what is not for development first', () => {
    const files = {
      ...celery(),
      'docker-compose.dev.yml': 'services:\n  w:\n    command: celery -A app.worker worker -l debug\n',
      'docker-compose.yml': 'services:\n  w:\n    command: celery -A app.worker worker -l warning\n',
    };
    assert.deepEqual(commandsOf(files), ['celery -A app.worker worker -l warning']);
  });
  it('puts in the module that the code has where the command names none from the path root', () => {
    const files = { ...celery(), ...compose('celery -A worker:app worker -c 4') };
    const { workers: all } = look(files);
    assert.equal(all[0]?.value.command.join(' '), 'celery -A app.worker:celery_app worker -c 4');
    assert.equal(all[0]?.confidence, 'likely');
  });
  it('does not deploy the worker of another project', () => {
    const files = compose('celery -A elsewhere worker');
    assert.deepEqual(commandsOf(files), []);
    assert.deepEqual(noticesOf(files), ['worker-elsewhere']);
  });
  const beat = 'celery -A app.worker:celery_app beat --loglevel INFO --schedule /tmp/celerybeat-schedule';
  for (const [more, has] of [
    ['celery_app.conf.beat_schedule = {"a": {"task": "x"}}', true],
    ['celery_app.conf.update(beat_schedule={"a": 1})', true],
    ['@celery_app.on_after_configure.connect\ndef s(sender, **k):\n    sender.add_periodic_task(1, t.s())', true],
    ['celery_app.conf.beat_schedule = {}', false],
    ['# celery_app.conf.beat_schedule = {"a": 1}', false],
  ] as const) {
    it(`${has ? 'has' : 'has no'} scheduler: ${more.split('\n').at(-1)}`, () =>
      assert.equal(commandsOf(celery(more)).includes(beat), has));
  }
  it('has no second scheduler beside a worker with its own', () => {
    const files = {
      ...celery('celery_app.conf.beat_schedule = {"a": 1}'),
      ...compose('celery -A app.worker worker -B'),
    };
    assert.equal(commandsOf(files).length, 1);
  });
  it('takes one of several instances and says so', () => {
    const files = { ...celery(), 'app/z.py': 'from celery import Celery\nother = Celery("z")\n' };
    assert.deepEqual(commandsOf(files), ['celery -A app.worker:celery_app worker --loglevel INFO']);
    assert.ok(noticesOf(files).includes('worker-several'));
  });
  it('not from tests', () => assert.deepEqual(commandsOf({ 'tests/a.py': celery()['app/worker.py'] ?? '' }), []));
});

describe('workers: others', () => {
  const settings =
    'from arq import cron\nclass Base:\n    functions = [a]\nclass WorkerSettings(Base):\n    cron_jobs = []\n';
  it('arq: the class, not one that it inherits from; from the path root', () => {
    assert.deepEqual(commandsOf({ 'src/app/w.py': settings }, 'src'), ['arq app.w.WorkerSettings']);
  });
  it('arq: no class of something else that has functions', () =>
    assert.deepEqual(commandsOf({ 'a.py': 'class Api:\n    functions = [a]\n' }), []));
  it('arq: the command of the project, without what watches files', () => {
    assert.deepEqual(commandsOf({ 'app/w.py': settings, ...compose('arq app.w.WorkerSettings --watch app') }), [
      'arq app.w.WorkerSettings',
    ]);
  });
  it('dramatiq: the module of the broker first, then those of the actors', () => {
    const files = {
      'app/broker.py': 'import dramatiq\ndramatiq.set_broker(RedisBroker(url="x"))\n',
      'app/a_tasks.py': 'import dramatiq\nfrom . import broker\n@dramatiq.actor\ndef a(): ...\n',
    };
    assert.deepEqual(commandsOf(files), ['dramatiq app.broker app.a_tasks']);
    assert.deepEqual(commandsOf({ 'app/broker.py': files['app/broker.py'] }), []);
  });
  it('dramatiq: the command of the Procfile', () => {
    const files = {
      'app/a.py': 'import dramatiq\n@dramatiq.actor\ndef a(): ...\n',
      Procfile: 'worker: dramatiq app.a --processes 2\n',
    };
    assert.deepEqual(commandsOf(files), ['dramatiq app.a --processes 2']);
  });
  it('saq: settings with a queue and functions', () => {
    const code =
      'from saq import Queue\nqueue = Queue.from_url("redis://x")\nsettings = {"queue": queue, "functions": []}\nother = {"queue": 1}\n';
    assert.deepEqual(commandsOf({ 'app/jobs.py': code }), ['saq app.jobs.settings']);
  });
  it('saq: the workers of Litestar', () =>
    assert.deepEqual(commandsOf(compose('litestar --app app:app workers run')), [
      'litestar --app app:app workers run',
    ]));
  const taskiq: Files = {
    'app/tkq.py':
      'from taskiq import InMemoryBroker, TaskiqScheduler\nfrom taskiq_redis import ListQueueBroker\nimport os\nbroker = ListQueueBroker(os.environ["R"]).with_middlewares(x)\nif TEST:\n    broker = InMemoryBroker()\nscheduler = TaskiqScheduler(broker, [])\n',
    'app/jobs.py': 'from app.tkq import broker\n@broker.task\nasync def a(): ...\n',
  };
  it('taskiq: the broker that has a worker, the scheduler, and the modules of the tasks', () => {
    assert.deepEqual(commandsOf(taskiq), [
      'taskiq worker app.tkq:broker app.jobs',
      'taskiq scheduler app.tkq:scheduler app.jobs',
    ]);
  });
  it('taskiq: the command of the project, and what it leaves out', () => {
    assert.deepEqual(commandsOf({ ...taskiq, ...compose('taskiq worker --reload app.tkq:broker') }), [
      'taskiq worker app.tkq:broker',
      'taskiq scheduler app.tkq:scheduler app.jobs',
    ]);
  });
  it('taskiq: a broker in memory has no worker', () => {
    const code = 'from taskiq import InMemoryBroker\nbroker = InMemoryBroker()\n';
    assert.deepEqual(commandsOf({ 'a.py': code }), []);
  });
  it('says what it does not know', () =>
    assert.deepEqual(noticesOf({ 'requirements.txt': 'rq\n' }), ['worker-unsupported']));
  it('nothing in a project without any', () =>
    assert.deepEqual(look({ 'main.py': 'app = FastAPI()\n' }), { workers: [], queue: undefined, notices: [] }));
});

describe('workers: a broker whose name is no word', () => {
  it('is no pattern that ends the run', () => {
    const files = {
      'pyproject.toml': '[project]\nname = "x"\ndependencies = ["taskiq", "taskiq-redis"]\n',
      'app/broker.py':
        'from taskiq_redis import ListQueueBroker\nall = {}\nall["("] = ListQueueBroker("redis://localhost")\n',
      'app/tasks.py': 'from taskiq import task\n@all.task\ndef f(): ...\n',
    };
    assert.doesNotThrow(() => look(files));
  });
});

describe('queue: variables', () => {
  const redis = (expression: string, more: Files = {}): Files => ({
    'app/cache.py': `import os\nfrom redis import asyncio as redis\nfrom app.config import settings\nclient = redis.from_url(${expression})\n`,
    ...more,
  });
  const settings = (body: string, made = 'settings = Settings()'): Files => ({
    'app/config.py': `from pydantic_settings import BaseSettings, SettingsConfigDict\nclass Settings(BaseSettings):\n${body
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n')}\n${made}\n`,
  });
  for (const [expression, body, queue] of [
    ['os.environ["REDIS_URL"]', 'a: str', 'redis REDIS_URL=url/0'],
    ['os.getenv("R", "redis://localhost:6379/3")', 'a: str', 'redis R=url/3'],
    ['os.getenv("R") or "redis://localhost/2"', 'a: str', 'redis R=url/2'],
    ['settings.redis_url', 'redis_url: RedisDsn = "redis://x:6379/1"', 'redis REDIS_URL=url/1'],
    ['str(settings.redis_url)', 'redis_url: RedisDsn', 'redis REDIS_URL=url/0'],
    ['settings.redis_url.unicode_string()', 'redis_url: RedisDsn', 'redis REDIS_URL=url/0'],
    ['settings.url', 'url: str\nmodel_config = SettingsConfigDict(env_prefix="CACHE_")', 'redis CACHE_URL=url/0'],
    ['settings.url', 'url: str\nmodel_config = {"env_prefix": "CACHE_"}', 'redis CACHE_URL=url/0'],
    ['settings.url', 'url: str\nclass Config:\n    env_prefix = "C_"', 'redis C_URL=url/0'],
    ['settings.url', 'url: str = Field("redis://x/4", alias="RU")', 'redis RU=url/4'],
    ['settings.url', 'url: str = Field(validation_alias=AliasChoices("RX", "RY"))', 'redis RX=url/0'],
    ['settings.url', 'url: str\nmodel_config = SettingsConfigDict(case_sensitive=True)', 'redis url=url/0'],
    [
      'settings.u',
      'H: str = "h"\n@property\ndef u(self):\n    return f"redis://{self.RHOST}"\nRHOST: str',
      'redis RHOST=host',
    ],
    [
      'f"redis://{settings.HOST}:{settings.PORT}/{settings.DB}"',
      'HOST: str\nPORT: int\nDB: int = 5',
      'redis HOST=host PORT=port DB=database/5',
    ],
    [
      'f"redis://:{settings.REDIS_PASSWORD}@{settings.A}:{settings.B}"',
      'REDIS_PASSWORD: str\nA: str\nB: int',
      'redis REDIS_PASSWORD=password A=host B=port',
    ],
    [
      'settings.u',
      'X: str\nY: int = 6379\nPASSWORD: str = ""\n@property\ndef u(self):\n    auth = f":{self.PASSWORD}@" if self.PASSWORD else ""\n    return f"redis://{auth}{self.X}:{self.Y}/0"',
      'redis PASSWORD=password X=host Y=port',
    ],
    [
      'settings.u',
      'X: str\nR_URL: str = ""\n@property\ndef u(self):\n    return self.R_URL or f"redis://{self.X}"',
      'redis R_URL=url/0',
    ],
    // A database in it would be followed by another.
    ['f"{settings.REDIS_URL}/1"', 'REDIS_URL: str', 'redis REDIS_URL=url'],
  ] as const) {
    it(`${expression}; ${body.replaceAll('\n', '; ')}: ${queue}`, () =>
      assert.equal(queueOf(redis(expression, settings(body))), queue));
  }
  it('of settings within settings, with their own prefix or with a delimiter', () => {
    const own: Files = {
      'app/config.py':
        'class RedisConfig(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="REDIS_")\n    host: str\n    port: int\nclass Settings(BaseSettings):\n    redis: RedisConfig = RedisConfig()\n    host: str\ndef get_settings() -> Settings:\n    return Settings()\nsettings = get_settings()\n',
    };
    const expression = 'f"redis://{settings.redis.host}:{settings.redis.port}"';
    assert.equal(queueOf(redis(expression, own)), 'redis REDIS_HOST=host REDIS_PORT=port');
    const nested: Files = {
      'app/config.py':
        'class RedisConfig(BaseModel):\n    host: str\nclass Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_", env_nested_delimiter="__")\n    redis: RedisConfig\nsettings = Settings()\n',
    };
    assert.equal(queueOf(redis('f"redis://{settings.redis.host}"', nested)), 'redis APP_REDIS__HOST=host');
  });
  it('of constants in other modules, through a package that hands them on', () => {
    const files: Files = {
      'app/__init__.py': '',
      'app/core/__init__.py': 'from .constants import REDIS\n',
      'app/core/constants.py': 'import os\nREDIS = os.environ.get("THE_REDIS", "redis://localhost/7")\n',
      'app/cache.py': 'import redis\nfrom app.core import REDIS\nr = redis.Redis.from_url(REDIS)\n',
    };
    assert.equal(queueOf(files), 'redis THE_REDIS=url/7');
  });
  it('of a parameter: what callers give', () => {
    const files: Files = {
      'app/a.py': 'import redis\ndef connect(url: str):\n    return redis.from_url(url)\n',
      'app/b.py': 'import os\nfrom app.a import connect\nc = connect(url=os.environ["R_URL"])\n',
    };
    assert.equal(queueOf(files), 'redis R_URL=url/0');
  });
  for (const [name, code, queue] of [
    [
      'arq by parts',
      'from arq.connections import RedisSettings\nx = RedisSettings(host=os.environ["H"], port=int(os.getenv("P", "6379")), database=int(os.getenv("D", "3")))',
      'redis H=host P=port D=database/3',
    ],
    [
      'arq by URL',
      'from arq.connections import RedisSettings\nx = RedisSettings.from_dsn(os.environ["U"])',
      'redis U=url/0',
    ],
    [
      'own settings of that name',
      'class RedisSettings(BaseSettings):\n    host: str\nx = RedisSettings(host=os.environ["H"])',
      'none',
    ],
    ['saq', 'from saq import Queue\nq = Queue.from_url(os.environ["Q"])', 'redis Q=url/0'],
    [
      'dramatiq',
      'from dramatiq.brokers.redis import RedisBroker\nb = RedisBroker(url=os.environ["Q"])',
      'redis Q=url/0',
    ],
    [
      'taskiq with results elsewhere',
      'from taskiq_redis import ListQueueBroker, RedisAsyncResultBackend\nb = ListQueueBroker(os.environ["A"]).with_result_backend(RedisAsyncResultBackend(os.getenv("B", "redis://x/1")))',
      'redis A=url/0 B=url/1',
    ],
    ['a client of Redis', 'import redis\nr = redis.Redis(host=os.environ["H"], db=2)', 'redis H=host'],
    ['valkey', 'import valkey\nr = valkey.Valkey(host=os.environ["H"])', 'valkey H=host'],
    ['another library’s from_url', 'from urls import URL\nr = URL.from_url(os.environ["H"])', 'none'],
    [
      'a limiter with Redis',
      'from slowapi import Limiter\nl = Limiter(storage_uri=os.getenv("S", "redis://x"))\n# redis',
      'redis S=url/0',
    ],
    [
      'a limiter in memory',
      'from slowapi import Limiter\nl = Limiter(storage_uri=os.getenv("S", "memory://"))\n# redis',
      'none',
    ],
  ] as const) {
    it(`${name}: ${queue}`, () => assert.equal(queueOf({ 'a.py': `import os\n${code}\n` }), queue));
  }
  it('is certain with a service of compose, which alone is no queue', () => {
    const service: Files = { 'compose.yaml': 'services:\n  r:\n    image: redis:8\n' };
    const { queue } = look({ ...redis('os.environ["R"]'), ...service });
    assert.equal(queue?.confidence, 'certain');
    assert.deepEqual(queue?.evidence, [
      { file: 'app/cache.py', line: 4, says: 'client = redis.from_url(os.environ["R"])' },
      { file: 'compose.yaml', line: 3, says: 'r: redis:8' },
    ]);
    assert.equal(look(redis('os.environ["R"]')).queue?.confidence, 'likely');
    assert.equal(queueOf({ 'main.py': '', ...service }), 'none');
  });
  it('takes the number of the database from .env.example, and shows no value', () => {
    const files = redis('os.environ["R"]', { '.env.example': 'R=redis://:hunter2@localhost:6379/9\n' });
    assert.equal(queueOf(files), 'redis R=url/9');
    const secret = redis('os.getenv("R", "redis://:hunter2@localhost/9")');
    for (const each of [files, secret]) assert.doesNotMatch(JSON.stringify(look(each)), /hunter2/);
  });
  it('says that the app may run without, and that an address is fixed', () => {
    assert.deepEqual(noticesOf(redis('settings.r', settings('r: str | None = None'))), ['queue-optional']);
    assert.deepEqual(noticesOf(redis('"redis://localhost:6379"')), ['queue-hard-coded']);
  });
});

describe('queue: Celery', () => {
  for (const [broker, queue] of [
    ['os.getenv("B", "redis://x/1")', 'redis B=url/1'],
    ['os.getenv("B", "redis://x/0"), backend=os.getenv("C", "redis://x/1")', 'redis B=url/0 C=url/1'],
    // Results that need no server of their own.
    ['os.getenv("B", "redis://x/0"), backend=os.getenv("REDIS_OR_SQL", "db+postgresql://x")', 'redis B=url/0'],
    // Celery's own variable goes before what the code says.
    ['"redis://localhost:6379/2"', 'redis CELERY_BROKER_URL=url/2'],
    [
      '"redis://localhost/0", backend="redis://localhost/1"',
      'redis CELERY_BROKER_URL=url/0 CELERY_RESULT_BACKEND=url/1',
    ],
    ['"redis://localhost/0", backend="rpc://"', 'redis CELERY_BROKER_URL=url/0'],
    ['os.getenv("B", "amqp://guest@x//")', 'rabbitmq B=url/0'],
  ] as const) {
    it(`${broker}: ${queue}`, () => assert.equal(queueOf(celery('', broker)), queue));
  }
  it('without a broker in the code', () => {
    const files: Files = { 'a.py': 'from celery import Celery\nq = Celery("x")\n' };
    assert.equal(queueOf(files), 'rabbitmq CELERY_BROKER_URL=url/0');
    assert.equal(queueOf({ ...files, 'requirements.txt': 'celery[redis]\n' }), 'redis CELERY_BROKER_URL=url/0');
  });
  it('with a broker that cannot be read', () =>
    assert.equal(queueOf(celery('', 'find_broker()')), 'rabbitmq CELERY_BROKER_URL=url/0'));
  it('in memory is no queue', () => {
    assert.equal(queueOf(celery('', '"memory://"')), 'none');
    assert.equal(queueOf(celery('', 'os.getenv("B", "memory://")')), 'none');
  });
  it('ends with classes of many bases and imports in a circle', () => {
    const names = Array.from({ length: 40 }, (_, index) => `C${index}`);
    const classes = names.map(
      (name) => `class ${name}(${names.filter((each) => each !== name).join(', ')}):\n    a: str\n`,
    );
    const files: Files = {
      'a.py': `from .b import *\nimport redis\nr = redis.from_url(settings.u)\ns = C0()\nq = redis.from_url(s.u)\n${classes.join('')}`,
      'b.py': 'from .a import *\nfrom .b import *\n',
    };
    const start = process.cpuUsage();
    assert.equal(queueOf(files), 'none');
    // Its own seconds, not those of a machine that others use.
    assert.ok(process.cpuUsage(start).user < 10_000_000);
  });
  it('from its configuration, in whatever form', () => {
    for (const more of [
      'celery_app.conf.broker_url = os.environ.get("B", "redis://x/6")',
      'celery_app.conf.update(broker_url=os.environ.get("B", "redis://x/6"))',
      'class Config:\n    broker_url = os.environ.get("B", "redis://x/6")\ncelery_app.config_from_object(Config)',
    ]) {
      const files: Files = { 'a.py': `import os\nfrom celery import Celery\ncelery_app = Celery("x")\n${more}\n` };
      assert.equal(queueOf(files), 'redis B=url/6', more);
    }
  });
  it('with RabbitMQ says that no service is emitted, and which variable to give', () => {
    const { notices } = look(celery('', 'os.getenv("B", "amqp://guest@x//")'));
    assert.deepEqual(
      notices.map(({ id, says }) => [id, /no service is emitted.*B in \.env\.app/.test(says)]),
      [['queue-rabbitmq', true]],
    );
  });
  it('with RabbitMQ for jobs and Redis for results: the service is Redis', () => {
    const files = celery('', 'os.getenv("B", "amqp://x"), backend=os.getenv("C", "redis://x/1")');
    assert.equal(queueOf(files), 'redis C=url/1');
    assert.deepEqual(noticesOf(files), ['queue-rabbitmq']);
  });
});

describe('loops in the app', () => {
  const poll = 'async def poll():\n    while True:\n        await sleep(1)\n';
  for (const [name, code, has] of [
    [
      'a loop started in lifespan',
      `${poll}@asynccontextmanager\nasync def lifespan(app):\n    asyncio.create_task(poll())\n    yield\n`,
      true,
    ],
    [
      'a loop started on startup by name',
      `${poll}@app.on_event("startup")\nasync def go():\n    create_permanent_task(poll)\n`,
      true,
    ],
    ['a thread', `def poll():\n    while True:\n        pass\ndef start():\n    Thread(target=poll).start()\n`, true],
    [
      'a task that ends',
      'async def warm():\n    await load()\nasync def lifespan(app):\n    asyncio.create_task(warm())\n',
      false,
    ],
    [
      'a loop of one connection',
      `${poll}@app.websocket("/")\nasync def run(ws):\n    asyncio.create_task(poll())\n`,
      false,
    ],
    ['APScheduler', 'from apscheduler.schedulers.asyncio import AsyncIOScheduler\ns = AsyncIOScheduler()\n', true],
    [
      'APScheduler in a process of its own',
      'from apscheduler.schedulers.blocking import BlockingScheduler\ns = BlockingScheduler()\n',
      false,
    ],
  ] as const) {
    it(`${name}: ${has}`, () => assert.equal(noticesOf({ 'app/main.py': code }).includes('in-process-loop'), has));
  }
});
