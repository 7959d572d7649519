import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authority } from '../../test/stack/authority.ts';
import { app } from './rivals.ts';
import { bytes, common } from './settings.ts';

const folderOf = (root: string, name: string): string => {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  return folder;
};

/** What every contestant mounts, made once: certificate, static files, a place for logs, the app's configuration. */
export const prepare = async (root: string): Promise<void> => {
  const { chain, key } = await (await Authority.create(folderOf(root, 'authority'))).issue(common.domain);
  const ssl = folderOf(root, 'ssl');
  copyFileSync(chain, join(ssl, 'fullchain.pem'));
  copyFileSync(key, join(ssl, 'privkey.pem'));
  chmodSync(join(ssl, 'privkey.pem'), 0o644); // uid 101 reads it
  chmodSync(folderOf(root, 'logs'), 0o777);
  writeFileSync(join(folderOf(root, 'static'), 'site.css'), `/*${'x'.repeat(bytes.file - 5)}*/\n`);
  const reply = JSON.stringify({ text: 'x'.repeat(bytes.item - '{"text":""}'.length) });
  writeFileSync(join(folderOf(root, 'app'), 'nginx.conf'), app(reply));
};

/** A folder that holds this nginx.conf alone. */
export const configured = (root: string, name: string, text: string): string => {
  const folder = folderOf(root, name);
  writeFileSync(join(folder, 'nginx.conf'), text);
  return folder;
};
