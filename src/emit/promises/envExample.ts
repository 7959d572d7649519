import { readEnv } from '../../base/envFile.ts';
import type { Rule } from './rule.ts';
import { textOf } from './text.ts';

/** .env.example documents the same keys as .env.production, and its secrets are empty. */
export const envExample: Rule = (files, { secrets, previous }) => {
  const example = readEnv(textOf(files, '.env.example'));
  const production = readEnv(textOf(files, '.env.production'));
  const differ = [...new Set([...example.keys(), ...production.keys()])]
    .filter((key) => example.has(key) !== production.has(key))
    .map((key) => `${key} is in only one of .env.example and .env.production`);
  const filled = [...Object.keys(secrets), ...Object.keys(previous)]
    .filter((name) => example.get(name))
    .map((name) => `.env.example has a value for ${name}`);
  return [...differ, ...filled];
};
