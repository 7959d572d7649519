import { isMap, textAt } from '../yaml.ts';
import {
  type About,
  anyOf,
  anything,
  each,
  either,
  empty,
  type Judge,
  keys,
  list,
  oneOf,
  refused,
  scalar,
  text,
  texts,
} from './judge.ts';

/** `none`, a bridge, or the network of another service of the file, which is judged as well. */
export const networkMode: Judge = scalar(
  (mode, { services }) =>
    mode === 'none' ||
    mode === 'bridge' ||
    (mode.startsWith('service:') && services.has(mode.slice('service:'.length))),
);

/** The networks that a service is in. */
export const networks: Judge = anyOf(
  list(text),
  each(
    anyOf(
      empty,
      keys({
        aliases: list(text),
        gw_priority: text,
        ipv4_address: text,
        ipv6_address: text,
        priority: text,
      }),
    ),
  ),
);

const isOurs = (name: string): boolean => !/^(?:host|none|container(?::.*)?)?$/i.test(name.trim());

const definition = keys({
  attachable: either,
  driver: oneOf('bridge', 'overlay'),
  driver_opts: (value, path, about: About) =>
    isMap(value)
      ? [...value].flatMap(([key, inside]) =>
          (key.startsWith('com.docker.network.') ? text : refused)(inside, `${path}.${key}`, about),
        )
      : refused(value, path),
  enable_ipv4: either,
  enable_ipv6: either,
  external: either,
  internal: either,
  ipam: anything,
  labels: texts,
  name: scalar(isOurs),
});

/** What a network of the file is: never the host's own. */
export const network: Judge = (value, path, about) => {
  const key = path.split('.').at(-1) ?? '';
  const isBorrowed = isMap(value) && value.has('external') && textAt(value, 'name') === '';
  return isBorrowed && !isOurs(key) ? refused(value, path) : anyOf(definition, empty)(value, path, about);
};
