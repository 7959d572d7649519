import {
  anyOf,
  anything,
  each,
  either,
  empty,
  type Judge,
  keys,
  list,
  matching,
  no,
  oneOf,
  refused,
  scalar,
  text,
  texts,
} from './judge.ts';
import { mount, tmpfs, volume } from './mounts.ts';
import { network, networkMode, networks } from './networks.ts';

const amount = scalar((written) => Number.parseFloat(written) > 0 && /^\d+(?:\.\d+)?(?:[bkmgtp]b?)?$/i.test(written));

/** A whole number above zero. */
const count = matching(/^[1-9][0-9]*$/);

/** Ids that are not root's: a name means what the image says. */
const user = matching(/^[1-9][0-9]*:[1-9][0-9]*$/);
const group = count;

const hook = list(keys({ command: texts, environment: texts, privileged: no, user, working_dir: text }));

const resources = keys({
  limits: keys({ cpus: amount, memory: amount, pids: count }),
  reservations: keys({ cpus: text, memory: text }),
});
const deploy = keys({
  endpoint_mode: text,
  labels: texts,
  mode: text,
  placement: anything,
  replicas: text,
  resources,
  restart_policy: each(text),
  rollback_config: each(text),
  update_config: each(text),
});

const build = anyOf(
  keys({
    args: texts,
    cache_from: list(text),
    cache_to: list(text),
    context: text,
    dockerfile: text,
    dockerfile_inline: text,
    labels: texts,
    network: oneOf('none', 'default'),
    no_cache: either,
    platforms: list(text),
    pull: either,
    shm_size: text,
    tags: list(text),
    target: text,
  }),
  text,
);

const file = keys({ gid: text, mode: text, source: text, target: text, uid: text });
const files = list(anyOf(text, file));

/** The namespaced settings of a container's own network, which Docker changes for nobody else. */
const sysctls: Judge = (value, path, about) => {
  const said = texts(value, path, about);
  if (said.length > 0) return said;
  const names =
    value instanceof Map ? [...value.keys()] : [value].flat().map((line) => String(line).split('=')[0] ?? '');
  return names.every((name) => /^net\.[\w.-]+$/.test(name)) ? [] : refused(value, path);
};

const isolation: Readonly<Record<string, Judge>> = {
  cap_drop: list(text),
  cgroup: oneOf('private'),
  group_add: list(group),
  ipc: oneOf('private', 'none', 'shareable'),
  network_mode: networkMode,
  networks,
  post_start: hook,
  pre_stop: hook,
  privileged: no,
  read_only: either,
  security_opt: list(oneOf('no-new-privileges:true', 'no-new-privileges=true', 'no-new-privileges')),
  sysctls,
  tmpfs: anyOf(list(tmpfs), tmpfs),
  user: anything,
  volumes: list(mount),
};

const limits: Readonly<Record<string, Judge>> = {
  cpu_count: amount,
  cpu_percent: amount,
  cpu_shares: text,
  cpus: amount,
  cpuset: text,
  mem_limit: amount,
  mem_reservation: text,
  mem_swappiness: text,
  memswap_limit: text,
  pids_limit: count,
  shm_size: text,
  ulimits: each(anyOf(text, keys({ hard: text, soft: text }))),
};

const health = keys({
  disable: either,
  interval: text,
  retries: text,
  start_interval: text,
  start_period: text,
  test: texts,
  timeout: text,
});

const rest: Readonly<Record<string, Judge>> = {
  annotations: texts,
  attach: either,
  build,
  command: anyOf(texts, empty),
  configs: files,
  container_name: text,
  depends_on: anyOf(list(text), each(keys({ condition: text, required: either, restart: either }))),
  deploy,
  dns: texts,
  dns_opt: texts,
  dns_search: texts,
  domainname: text,
  entrypoint: anyOf(texts, empty),
  env_file: anyOf(text, list(anyOf(text, keys({ format: text, path: text, required: either })))),
  environment: texts,
  expose: list(text),
  external_links: list(text),
  extra_hosts: texts,
  healthcheck: health,
  hostname: text,
  image: text,
  init: either,
  labels: texts,
  links: list(text),
  logging: keys({ driver: text, options: texts }),
  platform: text,
  // Only nginx may have them: see servicesHardened.
  ports: anything,
  profiles: list(text),
  pull_policy: text,
  restart: text,
  scale: text,
  secrets: files,
  stdin_open: either,
  stop_grace_period: text,
  stop_signal: text,
  tty: either,
  working_dir: text,
};

/**
 * THE list of what a service of production may have. What is not here is refused, whatever it is called and however it is spelled:
 * no capability, device, namespace or socket of the host, nor what a later version of compose may think of.
 */
const allowedKeys: Readonly<Record<string, Judge>> = { ...isolation, ...limits, ...rest };
export const service: Judge = keys(allowedKeys);

export const isNumericUser: Judge = user;
export const isAmount: Judge = amount;
export const isCount: Judge = count;

const source = keys({ content: text, environment: text, external: either, file: text, labels: texts, name: text });

/** What a compose file of production may have: nothing of another file (`include`), which nobody has looked at. */
export const top: Judge = keys({
  configs: each(anyOf(source, empty)),
  name: text,
  networks: each(network),
  secrets: each(anyOf(source, empty)),
  services: anything,
  version: text,
  volumes: each(volume),
});
