import type { QueueForm, QueueServer } from '../../model.ts';
import type { Argument, Call, Expression, Python } from '../../read/python.ts';
import { type Context, modulesWith } from '../code/context.ts';

/** One place where the code says how it reaches a server of a queue or a cache. */
export type Connection = {
  readonly module: Python;
  readonly within: readonly string[];
  readonly line: number;
  readonly expression: Expression;
  readonly form: QueueForm;
  /** What the client speaks; undefined where the scheme of the URL decides. */
  readonly server: QueueServer | undefined;
  /** Only a connection if its name or URL says so: such an option may name anything. */
  readonly isUncertain: boolean;
  /** Variable of Celery's own that goes before whatever the code says. */
  readonly overriddenBy?: string;
};

const clients = /^(?:redis|aioredis|valkey|arq|saq|litestar_saq|coredis|redis_om|dramatiq|taskiq\w*|kombu)(?:\.|$)/;
const words = ['redis', 'Redis', 'valkey', 'Valkey', 'elery', 'Broker', 'broker_url', 'BROKER_URL', 'saq', 'Broadcast'];

const forms: Readonly<Record<string, QueueForm>> = {
  url: 'url',
  dsn: 'url',
  redis_url: 'url',
  host: 'host',
  port: 'port',
  db: 'database',
  database: 'database',
  username: 'user',
  user: 'user',
  password: 'password',
};

type Location = Omit<Connection, 'expression' | 'form'>;

const byKeyword = (place: Location, args: readonly Argument[], first: QueueForm | undefined): readonly Connection[] => {
  const positional = args.findIndex(({ name }) => name === undefined);
  return args.flatMap(({ name, value }, index) => {
    const form = name === undefined ? (index === positional ? first : undefined) : forms[name];
    return form === undefined ? [] : [{ ...place, expression: value, form }];
  });
};

const celeryOption = (name: string): 'broker' | 'backend' | undefined =>
  /^(?:celery_)?(?:broker|broker_url)$/i.test(name)
    ? 'broker'
    : /^(?:celery_)?(?:backend|result_backend)$/i.test(name)
      ? 'backend'
      : undefined;

const celeryConnection = (place: Location, option: 'broker' | 'backend', expression: Expression): Connection => ({
  ...place,
  expression,
  form: 'url',
  isUncertain: option === 'backend',
  overriddenBy: option === 'broker' ? 'CELERY_BROKER_URL' : 'CELERY_RESULT_BACKEND',
});

const ofCall = (module: Python, call: Call & { readonly within: readonly string[] }): readonly Connection[] => {
  const last = call.callee.split('.').at(-1) ?? '';
  const place: Location = { module, within: call.within, line: call.line, server: undefined, isUncertain: false };
  const isOwn = (local: string) => module.imports.some((each) => each.local === local && clients.test(each.module));
  const isClient =
    module.imports.some((each) => clients.test(each.module)) ||
    /redis|valkey/i.test(call.callee.slice(0, -last.length));
  if (last === 'Celery' || /(?:^|\.)conf\.update$/.test(call.callee)) {
    return call.args.flatMap(({ name, value }) => {
      const option = name === undefined ? undefined : celeryOption(name);
      return option === undefined ? [] : [celeryConnection(place, option, value)];
    });
  }
  if (/^RabbitmqBroker$|^AioPika\w*Broker$/.test(last)) {
    return byKeyword({ ...place, server: 'rabbitmq' }, call.args, 'url');
  }
  if (/^(?:PullBased|PushBased)?\w*(?:Nats|JetStream|Kafka|SQS)\w*Broker$/.test(last)) {
    return byKeyword({ ...place, server: 'other' }, call.args, 'url');
  }
  if (isClient && /^(?:from_url|from_dsn)$/.test(last)) return byKeyword(place, call.args, 'url');
  const redis: Location = { ...place, server: 'redis' };
  // A class of settings of the project may have the same name as arq's.
  if (last === 'RedisSettings') {
    const isArq = isOwn(call.callee.split('.')[0] ?? '') || call.callee.includes('arq.');
    return isArq ? byKeyword(redis, call.args, 'host') : [];
  }
  if (isClient && /^(?:Strict)?Redis(?:Cluster)?$|^(?:Blocking)?ConnectionPool$/.test(last)) {
    return byKeyword(redis, call.args, 'host');
  }
  if (isClient && /^Valkey(?:Cluster)?$/.test(last))
    return byKeyword({ ...place, server: 'valkey' }, call.args, 'host');
  if (last === 'RedisBroker' && isClient) return byKeyword(redis, call.args, undefined);
  if (/^(?:ListQueue|PubSub|RedisStream)\w*Broker$|^RedisAsync\w*Backend$|^\w*RedisScheduleSource$/.test(last)) {
    return byKeyword(redis, call.args, 'url');
  }
  const uncertain: Location = { ...place, isUncertain: true };
  if (/^(?:Broadcast|AsyncRedisManager|RedisManager|with_client|QueueConfig|SAQConfig)$/.test(last)) {
    return byKeyword(uncertain, call.args, 'url').filter(({ form }) => form === 'url');
  }
  return call.args
    .filter(({ name }) => name === 'storage_uri')
    .map(({ value }) => ({ ...uncertain, expression: value, form: 'url' as const }));
};

/** `app.conf.broker_url = …`, and the same names in a module or class of configuration. */
const ofAssignments = (module: Python): readonly Connection[] =>
  module.assignments.flatMap(({ target, type, value, line, within }) => {
    const [, name = ''] = /(?:^|\.)(\w+)$/.exec(target) ?? [];
    const option = celeryOption(name);
    if (option === undefined || value === undefined || type !== undefined || /^(?:broker|backend)$/i.test(name))
      return [];
    const place: Location = { module, within, line, server: undefined, isUncertain: false };
    return [celeryConnection(place, option, value)];
  });

export const connectionsOf = (context: Context): readonly Connection[] =>
  modulesWith(context, ...words).flatMap((module) => [
    ...module.calls.flatMap((call) => ofCall(module, call)),
    ...ofAssignments(module),
  ]);
