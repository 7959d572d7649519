import type { Door } from '../../base/door.ts';
import { version } from '../../base/version.ts';
import { type Finding, type FindingKind, findingKinds } from './findings.ts';

const idOf = (kind: FindingKind): string => `comicpile/${kind}`;

/** The findings as SARIF 2.1.0 (OASIS), as code hosting sites read it: paths are relative to the project. */
export const sarifOf = (findings: readonly Finding[], run: Door['run']): string =>
  JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'generator-comicpile',
              semanticVersion: version(),
              rules: Object.entries(findingKinds).map(([kind, says]) => ({
                id: idOf(kind as FindingKind),
                shortDescription: { text: says(run) },
              })),
            },
          },
          results: findings.map(({ path, kind }) => ({
            ruleId: idOf(kind),
            level: 'error',
            message: { text: `${path}: ${findingKinds[kind](run)}` },
            locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(path) }, region: { startLine: 1 } } }],
          })),
        },
      ],
    },
    null,
    2,
  );
