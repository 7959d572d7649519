import {
  type Confidence,
  type Evidence,
  type Finding,
  found,
  type Notice,
  type Queue,
  type QueueServer,
} from '../../model.ts';
import { evidenceAt } from '../../read/paths.ts';
import { lineOf } from '../../read/toml.ts';
import { isCompose, readCompose } from '../code/commands.ts';
import { type Context, modulesWith, quoted } from '../code/context.ts';
import { names } from '../code/dependencies.ts';
import { Collector, formByName, masked, presetsOf, type Seen, serverOfUrl } from './collector.ts';
import { type Connection, connectionsOf } from './connections.ts';
import { queueName, Resolver } from './variables.ts';

const composeServers = ({ view }: Context): readonly { readonly server: QueueServer; readonly evidence: Evidence }[] =>
  view.files.filter(isCompose).flatMap((path) => {
    const text = view.read(path) ?? '';
    return Object.entries(readCompose(text)).flatMap(([name, { image }]) => {
      const [, server] = /(?:^|\/)(redis|valkey|rabbitmq)\b/.exec(String(image ?? '')) ?? [];
      if (server === undefined) return [];
      const evidence = evidenceAt(path, lineOf(text, String(image)), `${name}: ${image}`);
      return [{ server: server as QueueServer, evidence }];
    });
  });

const list = (variables: readonly Seen[]): string =>
  variables.map(({ variable }) => variable.name).join(', ') || 'its address';

const queueNotices = (server: QueueServer, variables: readonly Seen[]): readonly Notice[] => {
  if (server !== 'rabbitmq' && server !== 'other') return [];
  const label = server === 'rabbitmq' ? 'RabbitMQ' : 'The server of the queue';
  const says = `${label} is used, for which no service is emitted: run one, and give ${list(variables)} in .env.app`;
  return [{ id: `queue-${server}`, says, evidence: variables.map(({ evidence }) => evidence) }];
};

const hasForm = (form: string): boolean => form === 'url' || form === 'host';
const isRedisLike = (server: QueueServer): boolean => server === 'redis' || server === 'valkey';

type Location = { readonly module: { readonly path: string }; readonly line: number };

/** Where Celery is made. */
const celeryIn = (context: Context): Location | undefined =>
  modulesWith(context, 'Celery(').flatMap((module) =>
    module.calls.filter(({ callee }) => /(?:^|\.)Celery$/.test(callee)).map(({ line }) => ({ module, line })),
  )[0];

type Collected = {
  readonly seen: readonly Seen[];
  /** False where variables were only found by their names. */
  readonly isFollowed: boolean;
  readonly notices: readonly Notice[];
};

const collect = (context: Context, connections: readonly Connection[], celery: Location | undefined): Collected => {
  const resolver = new Resolver(context);
  const collector = new Collector(presetsOf(context));
  const plain = { server: undefined, isUncertain: false };
  const addUrl = (name: string, preset: string | undefined, at: Location) => {
    const source = { name, preset, evidence: quoted(context.view, at.module.path, at.line) };
    collector.keep({ ...plain, form: 'url' }, [{ kind: 'variable', source }]);
  };
  const notices: Notice[] = [];
  let isFollowed = false;
  for (const connection of connections) {
    const pieces = resolver.pieces(connection.module, connection.expression, connection.within);
    if (collector.keep(connection, pieces)) {
      isFollowed = true;
      continue;
    }
    const text = pieces.map((piece) => (piece.kind === 'literal' ? piece.text : '')).join('');
    const server = serverOfUrl(text) ?? (connection.form === 'host' && text !== '' ? connection.server : undefined);
    if (server === undefined || !hasForm(connection.form)) continue;
    if (connection.overriddenBy) {
      addUrl(connection.overriddenBy, text, connection);
      isFollowed = true;
      continue;
    }
    const says = `the address ${text.replace(/:\/\/[^@/]*@/, '://…@')} stands in the code: read it from a variable, such as REDIS_URL`;
    const evidence = [masked(quoted(context.view, connection.module.path, connection.line))];
    notices.push({ id: 'queue-hard-coded', says, evidence });
  }
  const hasBroker = connections.some(({ overriddenBy }) => overriddenBy === 'CELERY_BROKER_URL');
  if (celery && !hasBroker) {
    addUrl('CELERY_BROKER_URL', undefined, celery);
    isFollowed = true;
  }
  if (!isFollowed) {
    for (const source of resolver.fieldsNamed(queueName)) {
      const form = formByName(source.name);
      if (form) collector.keep({ ...plain, form }, [{ kind: 'variable', source }]);
    }
    // The broker of Celery could not be read; its own variable goes before it whatever it is.
    const isMemory = connections.some(({ expression }) => /memory:\/\//.test(expression.text));
    if (celery && collector.seen.length === 0 && !isMemory) addUrl('CELERY_BROKER_URL', undefined, celery);
  }
  return { seen: collector.seen, isFollowed, notices };
};

/** The server where no URL says it: by the client, the dependencies, compose, and last Celery's own default. */
const serverOtherwise = (
  { dependencies }: Context,
  connections: readonly Connection[],
  services: ReturnType<typeof composeServers>,
  celery: Location | undefined,
): QueueServer => {
  const byClient = connections.find(({ server }) => server !== undefined && server !== 'other')?.server;
  const hasRedis =
    names(dependencies, 'redis', 'valkey', 'aioredis', 'arq', 'saq', 'taskiq-redis') ||
    dependencies.some(({ extras }) => extras.includes('redis'));
  return byClient ?? (hasRedis ? 'redis' : undefined) ?? services[0]?.server ?? (celery ? 'rabbitmq' : 'redis');
};

/** The server of jobs or of a cache that the code connects to, and the variables that say where it is. */
export const queueOf = (
  context: Context,
): { readonly queue: Finding<Queue> | undefined; readonly notices: readonly Notice[] } => {
  const connections = connectionsOf(context);
  const celery = celeryIn(context);
  if (connections.length === 0 && celery === undefined) return { queue: undefined, notices: [] };
  const collected = collect(context, connections, celery);
  const services = composeServers(context);
  const otherwise = serverOtherwise(context, connections, services, celery);
  const isValkey = names(context.dependencies, 'valkey') && !names(context.dependencies, 'redis');
  const ofServer = (wanted: QueueServer): readonly Seen[] =>
    collected.seen.filter(({ server = otherwise }) => (server === 'redis' && isValkey ? 'valkey' : server) === wanted);
  // With several, the one that a service is emitted for.
  const order: readonly QueueServer[] = ['redis', 'valkey', 'rabbitmq', 'other'];
  const notices = [
    ...collected.notices,
    ...order.flatMap((each) => (ofServer(each).length > 0 ? queueNotices(each, ofServer(each)) : [])),
  ];
  const server =
    order.find((each) => ofServer(each).length > 0) ?? (collected.notices.length > 0 ? otherwise : undefined);
  if (server === undefined) return { queue: undefined, notices };
  const variables = ofServer(server);
  const readers = variables.filter(({ variable }) => hasForm(variable.form));
  if (readers.length > 0 && readers.every(({ isOptional }) => isOptional)) {
    const says = `${list(readers)} may be left out: the app may run without ${server}`;
    notices.push({ id: 'queue-optional', says, evidence: readers.map(({ evidence }) => evidence) });
  }
  const agrees = services.filter((each) => each.server === server || (isRedisLike(each.server) && isRedisLike(server)));
  const confidence: Confidence = !collected.isFollowed ? 'guess' : agrees.length > 0 ? 'certain' : 'likely';
  const evidence = [...variables.map((each) => each.evidence), ...agrees.slice(0, 1).map((each) => each.evidence)];
  const queue: Queue = { server, variables: variables.map(({ variable }) => variable) };
  return { queue: found(queue, confidence, ...evidence), notices };
};
