import { connectionOf } from '../../../../src/detect/rules/database/connection.ts';
import { driversOf } from '../../../../src/detect/rules/database/drivers.ts';
import { toolkitOf } from '../../../../src/detect/rules/database/scheme.ts';
import { urlUses } from '../../../../src/detect/rules/database/urls.ts';
import { settingsOf } from '../../../../src/detect/rules/settings/settings.ts';
import { contextFrom } from '../../contextFrom.ts';

/** What the rules of the database get of a project with these files. */
export const look = (tree: Readonly<Record<string, string>>) => {
  const context = contextFrom({ 'requirements.txt': 'sqlalchemy\nasyncpg\n', ...tree });
  const settings = settingsOf(context);
  const uses = urlUses(context);
  const toolkit = toolkitOf(context, driversOf(context));
  return { settings, uses, toolkit, connection: connectionOf(settings, uses, [], toolkit) };
};
/** The source of a class of settings with these fields. */
export const settings = (...fields: readonly string[]) =>
  `from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n${fields.map((field) => `    ${field}\n`).join('')}`;
export const parts = ['DB_HOST: str', 'DB_USER: str', 'DB_PASSWORD: str', 'DB_NAME: str'];
/** Code that builds the URL of the parts. */
export const build =
  'def url(s):\n    return f"postgresql+asyncpg://{s.DB_USER}:{s.DB_PASSWORD}@{s.DB_HOST}/{s.DB_NAME}"\n';
