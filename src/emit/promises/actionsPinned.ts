import type { Rule } from './rule.ts';
import { captures, withoutComments } from './text.ts';

const isPipeline = (to: string): boolean => /^\.github\/workflows\/|^\.gitlab(?:-ci\.yml$|\/)/.test(to);

/**
 * What runs with a repository's rights is exactly what was looked at: an action by its commit, an image by its digest. A workflow
 * starts with no permission, so that each job has only those that it names.
 */
export const actionsPinned: Rule = (files) =>
  files
    .filter(({ artifact: { to } }) => isPipeline(to))
    .flatMap(({ artifact: { to }, text }) => {
      const code = text.replace(/ {2,}#.*$/gm, '');
      const actions = captures(withoutComments(code), /\buses: *(\S+)/g).filter((uses) => !/@[0-9a-f]{40}$/.test(uses));
      const images = [
        ...captures(withoutComments(code), /\bimage: +(\S+)/g),
        ...captures(withoutComments(code), /^ *(?:- )?name: (\S+[:@]\S+)$/gm),
        ...captures(withoutComments(code), /^ +([a-z0-9.-]+\/\S+:\S+)$/gm),
      ].filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image));
      const opens = to.startsWith('.github/') && !/^permissions: \{\}$/m.test(text);
      return [
        ...actions.map((uses) => `${to} uses ${uses}, which is no commit`),
        ...images.map((image) => `${to} runs ${image}, which is no digest`),
        ...(opens ? [`${to} does not begin with no permissions`] : []),
      ];
    });
