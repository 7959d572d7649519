import type { Path, Project } from './project.ts';

export const below = (folder: Path | '', name: string): string => (folder === '' ? name : `${folder}/${name}`);
const inImage = (path: string): string => (path === '' ? '/app' : `/app/${path}`);
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

// `uv.loc[k]`: COPY takes a pattern that matches nothing, where there may be no lock.
export const optional = (path: string): string => path.replace(/(.)$/, '[$1]');

export const flags = (option: string, values: readonly string[]): string =>
  values.map((value) => ` ${option} ${value}`).join('');

/** Where things are in the image: it mirrors the project, so every path is what it is there. */
export const buildPlaces = ({ root, pythonPaths, migrationsFolder }: Project) => {
  const home = inImage(root);
  return {
    home,
    isMoved: home !== '/app',
    pythonPath: pythonPaths.map(inImage).join(':'),
    appDir: inImage(pythonPaths[0] ?? ''),
    migrationsHome: inImage(migrationsFolder),
    migratesElsewhere: inImage(migrationsFolder) !== home,
  };
};
