import { isMap } from '../../../base/files.ts';
import type { Evidence, QueueForm, QueueServer, QueueVariable } from '../../model.ts';
import { nameOf } from '../../read/paths.ts';
import { isCompose, readCompose } from '../code/commands.ts';
import type { Context } from '../code/context.ts';
import type { Connection } from './connections.ts';
import type { Source } from './source.ts';
import type { Piece } from './variables.ts';

export type Seen = {
  readonly variable: QueueVariable;
  readonly server: QueueServer | undefined;
  readonly isOptional: boolean;
  readonly evidence: Evidence;
};

const schemes: readonly (readonly [RegExp, QueueServer])[] = [
  [/^valkeys?(?:\+\w+)?:/i, 'valkey'],
  [/^(?:rediss?|unix)(?:\+\w+)?:/i, 'redis'],
  [/^(?:py)?amqps?:/i, 'rabbitmq'],
  [/^(?:sqs|kafka|confluentkafka|nats|tls|gcpubsub|azure\w*):/i, 'other'],
];
// Results in a database, in the broker's own replies, or in a file: no server of a queue.
const noServer = /^(?:db\+|sqla\+|rpc|cache|memory|async\+memory|mongodb|file|filesystem|s3|elasticsearch|django-)/i;

export const serverOfUrl = (url: string | undefined): QueueServer | undefined =>
  schemes.find(([scheme]) => scheme.test(url ?? ''))?.[1];
const databaseOf = (url: string | undefined): number =>
  Number(/^[\w+]+:\/\/[^/]*\/(\d+)(?:[?#]|$)/.exec(url ?? '')?.[1] ?? 0);

/** What the project itself sets in its .env files and compose files; values are secrets: they are looked at, never shown. */
export const presetsOf = ({ view }: Context): ReadonlyMap<string, string> => {
  const presets = new Map<string, string>();
  const files = view.files.filter((path) => /^\.?env(?:\..+)?$|^\.env[-_]|\.env(?:\..+)?$/.test(nameOf(path)));
  for (const path of files) {
    for (const [, name = '', value = ''] of (view.read(path) ?? '').matchAll(
      /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*["']?([^\s"'#]*)/gm,
    ))
      if (value !== '' && !presets.has(name)) presets.set(name, value);
  }
  for (const path of view.files.filter(isCompose)) {
    for (const service of Object.values(readCompose(view.read(path) ?? ''))) {
      const { environment } = service;
      const rows = Array.isArray(environment)
        ? environment.map((row) => /^(\w+)=(.*)$/.exec(String(row))?.slice(1) ?? [])
        : isMap(environment)
          ? Object.entries(environment).map(([name, value]) => [name, String(value)])
          : [];
      for (const [name, value] of rows) if (name && value && !presets.has(name)) presets.set(name, value);
    }
  }
  return presets;
};

export const formByName = (name: string): QueueForm | undefined => {
  if (/PASS/i.test(name)) return 'password';
  if (/USER/i.test(name)) return 'user';
  if (/PORT$/i.test(name)) return 'port';
  if (/HOST(?:NAME)?$|SERVER$|ADDR(?:ESS)?$|ENDPOINT$/i.test(name)) return 'host';
  if (/(?:DB|DATABASE|INDEX|DB_?NUM(?:BER)?)$/i.test(name)) return 'database';
  return /(?:URL|URI|DSN|BROKER|BACKEND)$/i.test(name) ? 'url' : undefined;
};

// `redis://{host}:{port}/{database}`: what stands before a piece tells what it is, where its name does not.
const formByPlace = (before: string): QueueForm => {
  if (/[@/]\/?$/.test(before) && !/\w\/$/.test(before)) return 'host';
  if (before.endsWith('/')) return 'database';
  if (before.endsWith(':')) return /\/\/:$/.test(before) ? 'password' : 'port';
  // `redis://{auth}{host}`
  return before.includes('://') ? 'host' : 'url';
};

export class Collector {
  readonly seen: Seen[] = [];
  readonly #presets: ReadonlyMap<string, string>;
  constructor(presets: ReadonlyMap<string, string>) {
    this.#presets = presets;
  }

  /** Keeps what the pieces of one connection name; false where there is no variable among them. */
  keep(connection: Pick<Connection, 'form' | 'server' | 'isUncertain'>, pieces: readonly Piece[]): boolean {
    const texts = pieces.map((piece) => (piece.kind === 'literal' ? piece.text : '0'));
    const whole = pieces.length === 1 ? undefined : serverOfUrl(texts.join(''));
    const variables = pieces.filter((piece) => piece.kind === 'variable');
    for (const [index, piece] of pieces.entries()) {
      if (piece.kind !== 'variable') continue;
      const { source } = piece;
      const preset = source.preset || this.#presets.get(source.name);
      if (connection.form === 'url' && noServer.test(preset ?? texts[0] ?? '')) continue;
      const server = whole ?? serverOfUrl(preset) ?? connection.server;
      if (connection.isUncertain && server === undefined && !/REDIS|VALKEY|RABBIT/i.test(source.name)) continue;
      const isPart = connection.form === 'url' && (variables.length > 1 || pieces.length > 1);
      const isAppended = index === 0 && /^\/\d*$/.test(texts.slice(1, 2).join(''));
      const form = !isPart
        ? connection.form
        : isAppended && formByName(source.name) === 'url'
          ? 'url'
          : (notUrl(formByName(source.name), texts[0]) ?? formByPlace(texts.slice(0, index).join('')));
      this.#add(source, form, preset, server, isPart && form === 'url');
    }
    return variables.length > 0;
  }

  #add(
    source: Source,
    form: QueueForm,
    preset: string | undefined,
    server: QueueServer | undefined,
    isAppended: boolean,
  ): void {
    const { name, evidence } = source;
    if (this.seen.some(({ variable }) => variable.name === name)) return;
    const database =
      form === 'url'
        ? isAppended
          ? {}
          : { database: databaseOf(preset) }
        : form === 'database'
          ? { database: Number(/^\d+$/.exec(preset ?? '')?.[0] ?? 0) }
          : {};
    const isOptional = source.preset === '' && (form === 'url' || form === 'host');
    this.seen.push({ variable: { name, form, ...database }, server, isOptional, evidence: masked(evidence) });
  }
}

// Behind `redis://` no variable is a whole URL, whatever its name.
const notUrl = (form: QueueForm | undefined, start: string | undefined): QueueForm | undefined =>
  form === 'url' && /:\/\//.test(start ?? '') ? undefined : form;

export const masked = (evidence: Evidence): Evidence => ({
  ...evidence,
  says: evidence.says.replace(/(:\/\/)[^\s"'@{}]*@/g, '$1…@'),
});
