import { fileOf, secretHolders } from '../../model/secrets.ts';
import type { Rule } from './rule.ts';
import { composeServices, productionFiles, textOf, withoutComments } from './text.ts';

/** Each service of production gets only the secrets that the table gives it, as a variable or as a file. */
export const secretsByService: Rule = (files, { app }) => {
  return productionFiles.flatMap((file) =>
    [...composeServices(withoutComments(textOf(files, file)))].flatMap(([service, text]) =>
      [...secretHolders(app.exists, app.services)]
        .filter(([, allowed]) => !allowed.includes(service))
        .map(([name]) => name)
        .filter((name) => new RegExp(`\\$\\{${name}\\b|(?:- |source: |/run/secrets/)${fileOf(name)}$`, 'm').test(text))
        .map((name) => `${file} gives ${name} to ${service}, which is not its own`),
    ),
  );
};
