/** Whether an image is what it was when it was looked at, whatever its tag is by then. */
export const isDigest = (image: string): boolean => /^[^@\s]+@sha256:[0-9a-f]{64}$/.test(image);

// A command that starts a container, up to where the next one begins.
const starts = /\b(?:docker|podman|nerdctl)\s+(?:container\s+)?(?:run|create|pull)\b([^\n;&|]*)/g;
// `name/of:tag`, with a digest or not; no path, no variable, no value of an option.
const image = /^[a-z0-9][a-z0-9.-]*(?::[0-9]+)?(?:\/[a-z0-9][\w.-]*)+[:@]\S+$/;

/** The images that a shell script starts by their names, as far as a reader of words can tell. */
export const imagesStarted = (script: string): readonly string[] =>
  [...script.replace(/\\\n/g, ' ').matchAll(starts)].flatMap(([, words = '']) =>
    words
      .split(/\s+/)
      .map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
      .filter((word) => image.test(word)),
  );
