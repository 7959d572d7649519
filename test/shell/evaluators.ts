import { each, kindOf, type Node, nodeOf, nodes, type Parsed, parsed } from './parsed.ts';

/** Whether a word says the same whatever any variable holds. */
const isConstant = (word: Node): boolean =>
  nodes(word.Parts).every((part) => {
    if (kindOf(part) === 'DblQuoted') return isConstant(part);
    return ['Lit', 'SglQuoted', 'ExtGlob', 'BraceExp'].includes(kindOf(part));
  });
const isName = (text: string): boolean => /^"?[A-Za-z_]\w*(?:\[(?:\w|\s\+\s)+\])?"?$/.test(text);

/** Options of `read` and `mapfile` that take a word. */
const takesWord = /^-[a-zA-Z]*[adeinNptuCO]$/;
const namesOf = (script: Parsed, words: readonly Node[]): readonly string[] => {
  const texts = words.map((word) => script.text(word));
  return texts.filter((text, at) => !text.startsWith('-') && (at === 0 || !takesWord.test(texts[at - 1] ?? '')));
};

const shells = /^(?:bash|sh|dash|ash)$/;
/** The program of `sh -c PROGRAM`, wherever it stands in a command: behind `docker exec`, `find -exec`, `xargs`. */
const programs = (script: Parsed, words: readonly Node[]): readonly Node[] => {
  const texts = words.map((word) => script.text(word));
  const start = texts.findIndex((text) => shells.test(text));
  if (start === -1) return [];
  const at = texts.findIndex((text, index) => index > start && /^-[eu]*c$/.test(text));
  return at === -1 ? [] : words.slice(at + 1, at + 2);
};
/** The program of sed, whose own commands run (e) and write (w), or of awk: the first word that is no option. */
const firstProgram = (script: Parsed, words: readonly Node[]): Node | undefined => {
  const texts = words.map((word) => script.text(word));
  return words.find((_, at) => at > 0 && !texts[at]?.startsWith('-') && !/^-[vF]$/.test(texts[at - 1] ?? ''));
};

const inCall = (script: Parsed, node: Node): boolean => {
  const words = nodes(node.Args);
  const [command = '', ...rest] = words.map((word) => script.text(word));
  const first = words[1];
  switch (command) {
    case 'eval':
      return true;
    case '.':
    case 'source':
      return !/^"?(?:\$scripts|scripts)\/[\w/.-]+"?$/.test(rest[0] ?? '');
    case 'read':
    case 'mapfile':
      return namesOf(script, words.slice(1)).some((name) => !isName(name)) || rest.includes('-C');
    case 'printf':
      return rest[0] === '-v' && !isName(rest[1] ?? '');
    case 'unset':
      return rest.some((name) => !isName(name) && name !== '-f');
    case 'trap':
      return first !== undefined && !isConstant(first);
    case 'test':
    case '[':
      return rest.includes('-v');
    case 'sed':
    case 'awk': {
      const program = firstProgram(script, words);
      return program !== undefined && !isConstant(program);
    }
    default:
      return programs(script, words).some((word) => !isConstant(word));
  }
};

const isEvaluator = (script: Parsed, node: Node, kind: string): boolean => {
  switch (kind) {
    case 'CallExpr':
      return inCall(script, node);
    // declare "$text", export "$name=…": a name out of a variable. Of ${!name} likewise, and ${x@P} runs what x has.
    case 'DeclClause':
      return nodes(node.Args).some(
        (one) => one.Naked === true && nodeOf(one.Name) === undefined && !isConstant(nodeOf(one.Value) as Node),
      );
    case 'ParamExp':
      return (
        (node.Excl === true && nodeOf(node.Index) === undefined && !/^\$\{!\w+[*@]\}$/.test(script.text(node))) ||
        /@[PEAKa]\}$/.test(script.text(node))
      );
    case 'UnaryTest':
      return /^-[vR]\s/.test(script.text(node));
    default:
      return false;
  }
};

/** Where a script runs text, or takes it for a name, that is not the same whatever any variable holds; a line each. */
export const evaluators = (file: string, text: string): readonly string[] => {
  const script = parsed(file, text);
  const found: string[] = [];
  each(script.root, (node, kind) => {
    if (isEvaluator(script, node, kind)) found.push(`${file}: ${script.text(node).split('\n')[0]}`);
  });
  return found;
};
