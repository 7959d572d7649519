type Scope = Readonly<Record<string, unknown>>;

/** What the reference says of a template that asks for what the model has not, or not as text or list. */
export const absent = Symbol('absent');

const found = (scope: Scope, path: string): unknown => {
  let value: unknown = scope;
  for (const key of path.split('.')) {
    if (Object.prototype.toString.call(value) !== '[object Object]') throw absent;
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor?.value === undefined || typeof descriptor.value === 'function') throw absent;
    value = descriptor.value;
  }
  return value;
};

const printed = (value: unknown): string => {
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw absent;
  return `${value}`;
};

const turns = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) throw absent;
  return value;
};

/**
 * What a template of the grammar means, said a second time and in another way: character by character, without a tree, a regular
 * expression of tags or EJS. Only for templates that have passed the reader.
 */
export const reference = (template: string, model: Scope): string | typeof absent => {
  let at = 0;
  const block = (scope: Scope, isTaken: boolean): string => {
    let out = '';
    for (;;) {
      const open = template.indexOf('<%', at);
      const text = template.slice(at, open < 0 ? undefined : open);
      if (isTaken) out += text;
      if (open < 0) {
        at = template.length;
        return out;
      }
      const close = template.indexOf('%>', open);
      const tag = template.slice(open + 2, close).trim();
      at = close + 2;
      if (tag.endsWith('-')) {
        if (template.startsWith('\r\n', at)) at += 2;
        else if (template[at] === '\n' || template[at] === '\r') at += 1;
      }
      const words = tag.split(' ');
      if (tag.startsWith('}')) {
        last = words[1] ?? '';
        return out;
      }
      if (tag.startsWith('#')) continue;
      if (tag.startsWith('- ')) {
        if (isTaken) out += printed(found(scope, words[1] ?? ''));
      } else if (words[0] === 'if') {
        const is = isTaken && Boolean(found(scope, (words[1] ?? '').slice(1, -1)));
        out += block(scope, is);
        if (last === 'else') out += block(scope, isTaken && !is);
      } else {
        const list = isTaken ? turns(found(scope, (words[4] ?? '').slice(0, -1))) : [];
        const start = at;
        for (const item of list) {
          at = start;
          out += block({ ...scope, [words[2] ?? '']: item }, true);
        }
        at = start;
        block(scope, false);
      }
    }
  };
  let last = '';
  try {
    return block(model, true);
  } catch (error) {
    if (error === absent) return absent;
    throw error;
  }
};
