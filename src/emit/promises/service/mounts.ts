import { posix } from 'node:path';
import { outcomes } from '../interpolation.ts';
import { isMap, listIn, mapIn, textAt, type YamlMap } from '../yaml.ts';
import {
  type About,
  anyOf,
  either,
  empty,
  type Judge,
  keys,
  matching,
  oneOf,
  refused,
  scalar,
  text,
  texts,
} from './judge.ts';

/** A mount: `source` is as it is written, `isBind` where it is a path of the host; `source` is empty for an anonymous volume. */
export type Mount = {
  readonly source: string;
  readonly isBind: boolean;
  readonly isReadOnly: boolean;
  readonly makesSource: boolean;
};

const isPath = (source: string): boolean => /^[./~\\]|^[A-Za-z]:/.test(source);

const shortMount = (written: string): Mount => {
  const [first = '', target, ...options] = written.split(':');
  const source = target === undefined ? '' : first;
  return {
    source,
    isBind: isPath(source),
    // Of several, compose takes the last.
    isReadOnly:
      options
        .join(':')
        .split(',')
        .findLast((option) => /^r[ow]$/.test(option)) === 'ro',
    makesSource: true,
  };
};

const longMount = (mount: YamlMap): Mount => ({
  source: textAt(mount, 'source'),
  isBind: textAt(mount, 'type') === 'bind',
  isReadOnly: /^true$/i.test(textAt(mount, 'read_only')),
  makesSource: !/^false$/i.test(textAt(mount, 'bind', 'create_host_path')),
});

/** All mounts of a service, with whatever compose may put in for variables. */
export const mountsOf = (service: YamlMap, env: ReadonlyMap<string, string>): readonly Mount[] =>
  listIn(service.get('volumes')).flatMap((volume) => {
    if (typeof volume === 'string') return outcomes(volume, env).map(shortMount);
    const mount = longMount(mapIn(volume));
    return outcomes(mount.source, env).map((source) => ({ ...mount, source }));
  });

/** The path of a bind mount in the project, without `./` and with none of `..`; undefined where it is outside. */
export const inProject = (source: string): string | undefined => {
  if (/^[/~\\]|^[A-Za-z]:/.test(source)) return undefined;
  const path = posix.normalize(source).replace(/\/+$/, '');
  return path === '..' || path.startsWith('../') ? undefined : path;
};

/** Whether one of the paths is the other, or lies in it. */
export const overlaps = (path: string, file: string): boolean =>
  path === '.' || path === file || file.startsWith(`${path}/`) || path.startsWith(`${file}/`);

// The clock of the host, which changes nothing; and where data lies that is nobody's system.
const clock = /^\/(?:etc\/(?:localtime|timezone)|usr\/share\/zoneinfo)$/;
const data = /^\/(?:srv|mnt|media|data|opt)\/[^/]/;

const isAllowed = ({ source, isBind, isReadOnly }: Mount, { guarded }: About): boolean => {
  if (!isBind) return source === '' || /^[A-Za-z0-9][\w.-]+$/.test(source);
  const path = inProject(source);
  if (path === undefined) {
    const host = posix.normalize(source).replace(/\/+$/, '');
    return data.test(host) || (isReadOnly && clock.test(host));
  }
  return isReadOnly || !guarded.some((file) => overlaps(path, file));
};

const options = /^(?:(?:ro|rw|z|Z|nocopy|cached|delegated|consistent|r?private)(?:,|$))*$/;

const short: Judge = scalar((written, about) => {
  const [source, , ...rest] = written.split(':');
  return source !== '' && rest.length <= 1 && options.test(rest[0] ?? '') && isAllowed(shortMount(written), about);
});

const longKeys = keys({
  type: oneOf('bind', 'volume', 'tmpfs'),
  source: text,
  target: text,
  read_only: either,
  consistency: text,
  bind: keys({ create_host_path: either, propagation: oneOf('private', 'rprivate'), selinux: oneOf('z', 'Z') }),
  volume: keys({ nocopy: either, subpath: matching(/^(?!(?:.*\/)?\.\.(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/) }),
  tmpfs: keys({ size: text, mode: text }),
});

const long: Judge = (value, path, about) => {
  const said = longKeys(value, path, about);
  if (said.length > 0) return said;
  const mount = longMount(mapIn(value));
  const sources = outcomes(mount.source, about.env);
  const allowed = sources.length > 0 && sources.every((source) => isAllowed({ ...mount, source }, about));
  return allowed ? [] : refused(value, path);
};

/** Volumes by name, tmpfs, and of the host's folders the project's own, or where data lies. */
export const mount: Judge = (value, path, about) => (isMap(value) ? long : short)(value, path, about);

const tmpfsOption =
  /^(?:ro|rw|exec|noexec|nosuid|nodev|noatime|(?:uid|gid|nr_inodes)=\d+|mode=[0-7]{3,4}|size=\d+[kKmMgG%]?)$/;
const tmpfsOptions = (text: string): boolean => text.split(',').every((option) => tmpfsOption.test(option));
const networkOptions = (text: string): boolean =>
  text
    .split(',')
    .every(
      (option) =>
        /^\w+(?:=[^,]*)?$/.test(option) && !/^(?:r?bind|r?shared|r?slave|move|remount|suid|dev)$/.test(option),
    );

/** `/path` or `/path:options`. */
export const tmpfs: Judge = scalar((text) => {
  const [path = '', given] = text.split(':');
  return path.startsWith('/') && (given === undefined || tmpfsOptions(given));
});

// `type: none` with `o: bind` is a mount of the host by another name.
const inMemory = keys({ type: oneOf('tmpfs'), device: text, o: scalar(tmpfsOptions) });
const overNetwork = keys({ type: oneOf('nfs', 'nfs4', 'cifs'), device: text, o: scalar(networkOptions) });
const driverOptions: Judge = (value, path, about) =>
  isMap(value) && value.size > 0 && !value.has('type')
    ? refused(value, path)
    : anyOf(inMemory, overNetwork)(value, path, about);

/** What a volume of the file is. */
export const volume: Judge = anyOf(
  keys({ driver: oneOf('local'), driver_opts: driverOptions, external: either, labels: texts, name: text }),
  empty,
);
