import { everyBlock, own, type Sited } from './nginxTree.ts';

const isOwnAddress = (listen: string): boolean => /^(?:127\.0\.0\.1|\[::1\]|localhost):|^unix:/.test(listen);

/** The servers of the edge that listen to others than the container itself. */
export const publicServers = (tree: readonly Sited[]): readonly Sited[] =>
  everyBlock(tree)
    .filter(
      ({ block: { words, file }, inside }) => words[0] === 'server' && inside.length === 1 && file.startsWith('nginx/'),
    )
    .map(({ block }) => block)
    .filter((server) => {
      const listens = own(server, 'listen').map(({ words }) => words[1] ?? '');
      return listens.length === 0 || !listens.every(isOwnAddress);
    });
