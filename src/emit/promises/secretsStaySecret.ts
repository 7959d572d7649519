import type { Promised } from './promised.ts';

/** A drawn secret is in files of kind `secret` only, and each of those is ignored by git and by the image build. */
export const secretsStaySecret: Promised = ({ files }, { secrets, previous, ignored }) => {
  const leaks = files
    .filter(({ artifact }) => artifact.kind !== 'secret')
    .flatMap(({ artifact, text }) =>
      Object.entries({ ...secrets, ...previous })
        .filter(([, value]) => value !== '' && text.includes(value))
        .map(([name]) => `${artifact.to} holds the value of ${name}`),
    );
  const ignoreFiles = files.filter(({ artifact }) => artifact.to.endsWith('ignore'));
  const visible = files
    .filter(({ artifact }) => artifact.kind === 'secret')
    .flatMap(({ artifact: { to } }) => {
      const pattern = ignored.find((path) => to === path || (path.endsWith('/') && to.startsWith(path)));
      if (pattern === undefined) return [`${to} is a secret that the model does not list as ignored`];
      return ignoreFiles
        .filter(({ text }) => !text.split('\n').includes(pattern))
        .map(({ artifact }) => `${artifact.to} does not ignore ${pattern}`);
    });
  return [...leaks, ...visible];
};
