import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/base/packageRoot.ts';
import { domain } from '../generated.ts';
import { type Judge, outside } from './judge.ts';
import { type Picture, readPng } from './png.ts';

export type Page = {
  /** A path of the site, or the address of a file in the judge's container. */
  readonly path: string;
  /** An expression that holds when the page is complete. */
  readonly until: string;
  /** An expression whose value is given back. */
  readonly read: string;
};

export type Visit = {
  readonly ready: boolean;
  readonly value: unknown;
  /** Whatever the browser has against the page: errors, warnings, refused requests, violations of its policies. */
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
  readonly picture: Picture;
};

type Seen = Omit<Visit, 'picture'> & { readonly png: string };

/**
 * Chromium breaks a request off when an interface of its container comes up or gets its address (ERR_NETWORK_CHANGED), as one
 * of a container that has just started does. No page can cause that, so the visit is made once more.
 */
const visitOnQuietNetwork = async (judge: Judge, input: string, left = 3): Promise<Seen> => {
  const { stdout } = await judge.must(['node', 'browse.mjs'], { input, seconds: 90 });
  const seen = JSON.parse(stdout) as Seen;
  const isBroken = seen.complaints.some((text) => text.includes('net::ERR_NETWORK_CHANGED'));
  return isBroken && left > 0 ? visitOnQuietNetwork(judge, input, left - 1) : seen;
};

/** A page of the site in a real browser, through nginx; the screenshot stays in dist/test/screenshots/. */
export const browse = async (judge: Judge, label: string, { path, until, read }: Page): Promise<Visit> => {
  const url = path.startsWith('file:') ? path : `https://${domain}${path}`;
  const input = JSON.stringify({ url, until, read, hosts: [domain, ...outside] });
  const { png, ...visit } = await visitOnQuietNetwork(judge, input);
  const folder = join(packageRoot(), 'dist', 'test', 'screenshots');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${label}.png`);
  writeFileSync(file, Buffer.from(png, 'base64'));
  const picture = readPng(Buffer.from(png, 'base64'));
  console.log(`      screenshot: ${file}, ${picture.colours} colours`);
  return { ...visit, picture };
};
