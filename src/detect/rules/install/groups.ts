import type { Installation, Manager } from '../../model.ts';
import type { Context } from '../code/context.ts';

const server = /^(?:uvicorn|gunicorn|hypercorn|granian|daphne)$/;

/** Groups and extras that production needs: those that hold a server, and extras that the project's own image installs. */
export const groupsOf = (
  { dependencies, commands }: Context,
  manager: Manager,
): Pick<Installation, 'groups' | 'extras'> => {
  const ofServers = dependencies
    .filter(({ name, group }) => server.test(name) && !/^(?:$|group:(?:dev|test|docs|lint))/.test(group))
    .map(({ group }) => group);
  const named = (kind: string) =>
    ofServers.filter((group) => group.startsWith(kind)).map((group) => group.slice(kind.length));
  const given = commands
    .filter(
      ({ words }) => words[0]?.split('/').at(-1) === manager && words.some((word) => /^(?:install|sync)$/.test(word)),
    )
    .flatMap(({ words }) =>
      words.flatMap((word, index) =>
        /^(?:-E|--extras?)$/.test(word)
          ? [words[index + 1] ?? '']
          : /^--extras?=/.test(word)
            ? [word.replace(/^[^=]*=/, '')]
            : [],
      ),
    )
    .flatMap((names) => names.split(/[\s,]+/))
    .filter((name) => /^[A-Za-z0-9][\w.-]*$/.test(name));
  return { groups: [...new Set(named('group:'))], extras: [...new Set([...named('extra:'), ...given])] };
};
