import type { Promised } from './promised.ts';

/** .env.example documents the same keys as .env.production, and its secrets are empty. */
export const envExample: Promised = (set, { secrets, previous }) => {
  const example = set.env('.env.example');
  const production = set.env('.env.production');
  const differ = [...new Set([...example.keys(), ...production.keys()])]
    .filter((key) => example.has(key) !== production.has(key))
    .map((key) => `${key} is in only one of .env.example and .env.production`);
  const filled = [...Object.keys(secrets), ...Object.keys(previous)]
    .filter((name) => example.get(name))
    .map((name) => `.env.example has a value for ${name}`);
  return [...differ, ...filled];
};
