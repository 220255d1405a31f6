/**
 * How deeply a source text nests, estimated from above without parsing it. The native parser recurses: its stack overflows, which
 * kills the whole process, between 4,000 and 10,000 levels of brackets, conditionals, arrows, labels, `else if` or templates and
 * between 20,000 and 100,000 operators in one expression (oxc-parser 0.159, 8 MiB stack, measured).
 */

/** Levels at which a file is refused: half of what the parser survived in the worst construct. */
export const NESTING_LIMIT = 2000;

/** Words that continue or open a construct, so that the next token lies one level deeper. */
const DEEPER_WORDS = new Set(
  'new await typeof void delete yield if else for while do with case return throw in of instanceof extends keyof infer'.split(
    ' ',
  ),
);
/** Words after which a slash begins a regular expression. */
const BEFORE_EXPRESSION = new Set(
  'return typeof case in of delete void do else throw new instanceof yield await'.split(' '),
);
/** Words whose parentheses a statement follows, not an operator. */
const STATEMENT_HEADS = new Set(['if', 'while', 'for', 'with']);
/** Words that begin a statement of their own, so that the line before has ended. */
const STATEMENT_WORDS = new Set('const let var import export function class async return throw'.split(' '));
/** Characters at the end or the beginning of a line that join it to its neighbour. */
const JOINING = new Set([...'=?:+-*/%&|^<>!~,.([{']);

const isWordCode = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 36;

interface Level {
  /** `{`, `(`, `[`, or `` ` `` for the hole of a template. */
  readonly open: string;
  /** A slash after the closing bracket begins a regular expression. */
  readonly head: boolean;
  /** Links of the chain that is under way at this level. */
  links: number;
}

/**
 * The first offset at which `text` nests deeper than `limit`, or `null`. Linear in the length of the text; strings, comments,
 * templates and regular expressions are skipped.
 */
export function findDeepNesting(text: string, limit: number = NESTING_LIMIT): number | null {
  const levels: Level[] = [{ open: '', head: false, links: 0 }];
  let top = levels[0] as Level;
  let depth = 0;
  /** The last significant token: a word, or one character. */
  let last = ';';
  let lineBroken = false;
  const length = text.length;
  let at = 0;

  const push = (open: string, head: boolean): void => {
    top.links++;
    depth += 2;
    top = { open, head, links: 0 };
    levels.push(top);
  };
  const pop = (): Level => {
    if (levels.length === 1) return top;
    const closed = top;
    levels.pop();
    top = levels[levels.length - 1] as Level;
    depth -= closed.links + 1;
    return closed;
  };
  const reset = (): void => {
    depth -= top.links;
    top.links = 0;
  };
  /** Skip to the end of the template part that begins at `at`; true when a hole opens. */
  const template = (): boolean => {
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code === 92) at += 2;
      else if (code === 96) {
        at++;
        last = '`';
        return false;
      } else if (code === 36 && text.charCodeAt(at + 1) === 123) {
        at += 2;
        return true;
      } else at++;
    }
    return false;
  };
  /** Does the line that begins at `at` continue the one before? */
  const newLine = (first: string): void => {
    lineBroken = false;
    if (first === 'else' || (!STATEMENT_WORDS.has(first) && (JOINING.has(last) || JOINING.has(first)))) return;
    if (last === ')' && levels.length > 0 && !STATEMENT_WORDS.has(first) && top.links > 0 && lastWasHead) return;
    reset();
  };
  let lastWasHead = false;

  while (at < length) {
    if (depth > limit) return at;
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) {
      lineBroken = true;
      at++;
      continue;
    }
    if (code === 32 || code === 9) {
      at++;
      continue;
    }
    if (isWordCode(code) || code > 127) {
      const start = at;
      while (at < length) {
        const next = text.charCodeAt(at);
        if (!isWordCode(next) && next <= 127) break;
        at++;
      }
      const word = at - start > 12 ? 'x' : text.slice(start, at);
      if (lineBroken) newLine(word);
      if (DEEPER_WORDS.has(word)) {
        top.links++;
        depth++;
      }
      last = word;
      continue;
    }
    const character = text[at] as string;
    if (character === '/') {
      const next = text.charCodeAt(at + 1);
      if (next === 47) {
        while (at < length && text.charCodeAt(at) !== 10) at++;
        continue;
      }
      if (next === 42) {
        const end = text.indexOf('*/', at + 2);
        at = end === -1 ? length : end + 2;
        continue;
      }
    }
    if (lineBroken) newLine(character);
    if (character === '"' || character === "'") {
      let end = at + 1;
      while (end < length) {
        const inner = text.charCodeAt(end);
        if (inner === 92) end += text.charCodeAt(end + 1) === 13 ? 3 : 2;
        else if (inner === 10 || text[end] === character) break;
        else end++;
      }
      // A quote that its line does not close is an apostrophe in the text of an element.
      at = text[end] === character ? end + 1 : at + 1;
      last = '"';
      continue;
    }
    at++;
    switch (character) {
      case '`':
        if (template()) push('`', false);
        continue;
      case '(':
      case '[':
      case '{':
        push(character, character === '(' && STATEMENT_HEADS.has(last));
        break;
      case ')':
      case ']':
        lastWasHead = pop().head;
        break;
      case '}':
        if (top.open === '`') {
          pop();
          if (template()) push('`', false);
          continue;
        }
        pop();
        // A block ends its statement, unless `else` goes on or it was an object.
        break;
      case ';':
      case ',':
        reset();
        break;
      case '/':
        if (
          last === '}' ||
          (last === ')' && lastWasHead) ||
          BEFORE_EXPRESSION.has(last) ||
          '(,=:[!&|?{;~^<>+-*%'.includes(last)
        ) {
          const end = endOfRegex(text, at);
          if (end !== null) at = end;
          last = 'x';
          continue;
        }
        top.links++;
        depth++;
        break;
      default:
        top.links++;
        depth++;
    }
    last = character;
  }
  return depth > limit ? length : null;
}

/** The offset behind the regular expression whose body begins at `from`, or `null` when its line does not close it. */
function endOfRegex(text: string, from: number): number | null {
  let inClass = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) return null;
    if (code === 92) at++;
    else if (code === 91) inClass = true;
    else if (code === 93) inClass = false;
    else if (code === 47 && !inClass) return at + 1;
  }
  return null;
}
