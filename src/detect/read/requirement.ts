/** One dependency of PEP 508, as far as rules need it. */
export type Requirement = { readonly name: string; readonly extras: readonly string[]; readonly specifier: string };

/** Names compare so (PEP 503). */
export const normalised = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** `uvicorn[standard] >=0.30 ; python_version > "3.9"`; undefined for what is no requirement (an option, a URL, a path). */
export const readRequirement = (text: string): Requirement | undefined => {
  const [, name, extras = '', specifier = ''] =
    /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*([^;#]*)/.exec(text) ?? [];
  if (name === undefined || /^\s*[./\\]|^\s*[a-z+]+:\/\//i.test(text)) return undefined;
  return {
    name: normalised(name),
    extras: extras
      .split(',')
      .map((extra) => normalised(extra.trim()))
      .filter(Boolean),
    specifier: specifier.trim(),
  };
};

/** What a requirements file names, with the line; `includes`: the files after -r and -c. */
export const readRequirements = (text: string) => {
  const requirements: (Requirement & { readonly line: number })[] = [];
  const includes: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [, included] = /^\s*(?:-r|--requirement)[\s=]+(\S+)/.exec(line) ?? [];
    if (included !== undefined) includes.push(included);
    if (/^\s*(?:#|-|$)/.test(line)) continue;
    const requirement = readRequirement(line);
    if (requirement !== undefined) requirements.push({ ...requirement, line: index + 1 });
  }
  return { requirements, includes };
};
