/** How the two values that every template prints are written: `<%- app.name %>`, `{{ name }}`, or the value itself. */
export type Print = { readonly name: string; readonly domain: string };

/** What the values are in the generated project. */
export const values: Print = { name: 'my-comics', domain: 'app.example.test' };

/** One file of the workload: as either release has it, as the user has made it, and as an update must leave it. */
export type WorkFile = {
  readonly to: string;
  readonly template: (release: 1 | 2, print: Print) => string;
  readonly yours: string;
  /** Undefined: the user and the release have changed the same line, so every tool must show both. */
  readonly updated: string | undefined;
};

/** Seconds of a timeout by the number of its block: the lines that the release and the user change. */
type Timeouts = Readonly<Record<number, number>>;

const blocks = 8;
const [early, late] = [1, 6];

const nginx = (index: number, { name, domain }: Print, timeouts: Timeouts): string => {
  const locations = Array.from(
    { length: blocks },
    (_, block) => `
  location /part-${index}/${block}/ {
    proxy_pass http://${name};
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header Connection "";
    proxy_read_timeout ${timeouts[block] ?? 60}s;
  }
`,
  );
  return `# Part ${index} of ${name}.
upstream part_${index} {
  server app:8000;
  keepalive 16;
}

server {
  listen 8443 ssl;
  server_name ${domain};
${locations.join('')}}
`;
};

const compose = (index: number, { name, domain }: Print, timeouts: Timeouts): string => {
  const services = Array.from(
    { length: blocks },
    (_, block) => `
  worker-${index}-${block}:
    image: ${name}:latest
    restart: unless-stopped
    read_only: true
    cap_drop: [ALL]
    environment:
      ORIGIN: https://${domain}/${block}
    stop_grace_period: ${timeouts[block] ?? 60}s
`,
  );
  return `# Workers ${index} of ${name}.
services:${services.join('')}`;
};

// Of every fifteen files the release changes five and the user five, three of them the same.
const changedByRelease = (index: number): boolean => [0, 3, 6, 9, 12].includes(index % 15);
const changedByUser = (index: number): boolean => [0, 1, 3, 4, 6].includes(index % 15);

const workFile = (_: unknown, index: number): WorkFile => {
  const [text, folder, suffix] = index % 2 === 0 ? [nginx, 'nginx', 'conf'] : [compose, 'compose', 'yml'];
  const conflicts = index === 0;
  const release: Timeouts = changedByRelease(index) ? { [late]: 75 } : {};
  const user: Timeouts = changedByUser(index) ? { [conflicts ? late : early]: 90 } : {};
  return {
    to: `parts/${folder}-${index % 10}/part-${index}.${suffix}`,
    template: (number, print) => text(index, print, number === 1 ? {} : release),
    yours: text(index, values, user),
    updated: conflicts ? undefined : text(index, values, { ...release, ...user }),
  };
};

/**
 * The files that every contestant generates and updates: two thirds of them stay, and exactly one ends in a conflict, whatever
 * their number, so that the work is in proportion to it.
 */
export const workload = (count: number): readonly WorkFile[] => Array.from({ length: count }, workFile);

/** The name of a contestant that is measured at more than one size. */
export const sizedName = (name: string, count: number): string => `${name}, ${count}`;
