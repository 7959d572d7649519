// Ours, or never a file of templates: notes, certificates, secrets, what Yeoman keeps; with the folders that packages are installed in.
const closed =
  /^(?:\.comicpile|secrets|ssl|backups|\.comicpile-staging-[^/]*)(?:\/|$)|^\.yo-rc\.json$|(?:^|\/)(?:\.git|node_modules|\.venv|__pycache__)(?:\/|$)|(?:^|\/)\.env(?:\.[^/]*)?$/;

// A device, or an extension in a short name, of Windows.
const strange = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/**
 * Whether a pack may put a file at this path of the project. Compared in lower case, as macOS and Windows do: `.Git/hooks/x` is git's. The
 * same file systems drop dots and blanks at the end of a name, so no part may end in one.
 */
export const isPlaceForPacks = (to: string): boolean => {
  const lower = to.toLowerCase();
  return (
    /^[a-z0-9_.-]+(?:\/[a-z0-9_.-]+)*$/.test(lower) &&
    lower.length <= 200 &&
    !closed.test(lower) &&
    !lower.split('/').some((part) => part.endsWith('.') || strange.test(part))
  );
};
