/** `$NAME` and `${NAME:-default}` as compose expands them, with unset variables kept visible. */

const OPEN = '\uE000';
const CLOSE = '\uE001';
const DEPTH_LIMIT = 10;
const LENGTH_LIMIT = 64 * 1024;

/** Does the text hold a variable that is set nowhere in the project? */
export function isUnset(text: string): boolean {
  return text.includes(OPEN);
}

/** The names of such variables. */
export function unsetNames(text: string): string[] {
  return [...text.matchAll(/\uE000(\w+)\uE001/g)].map((match) => match[1] ?? '');
}

/** The text with unset variables written as `${NAME}` again, for people. */
export function written(text: string): string {
  return text.replace(/\uE000(\w+)\uE001/g, `\${$1}`);
}

/** Expand the variables of one scalar. A variable that is set nowhere becomes a mark (see `isUnset`), because the shell may set it. */
export function interpolate(text: string, variables: ReadonlyMap<string, string>, depth = 0): string {
  if (!text.includes('$') || text.length > LENGTH_LIMIT || depth > DEPTH_LIMIT) return text;
  let result = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char !== '$') {
      result += char;
      continue;
    }
    if (text[at + 1] === '$') {
      result += '$';
      at += 1;
      continue;
    }
    const plain = /^[A-Za-z_]\w*/.exec(text.slice(at + 1, at + 257));
    if (plain !== null) {
      result += variables.get(plain[0]) ?? OPEN + plain[0] + CLOSE;
      at += plain[0].length;
      continue;
    }
    const end = text[at + 1] === '{' ? closing(text, at + 2) : -1;
    const parts = end < 0 ? null : /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/.exec(text.slice(at + 2, end));
    if (parts === null) {
      result += char;
      continue;
    }
    at = end;
    const [, name = '', operator = '', operand = ''] = parts;
    const value = variables.get(name);
    const set = operator.startsWith(':') ? Boolean(value) : value !== undefined;
    if (operator.endsWith('-')) result += set ? value : interpolate(operand, variables, depth + 1);
    else if (operator.endsWith('+')) result += set ? interpolate(operand, variables, depth + 1) : '';
    else result += value ?? OPEN + name + CLOSE;
  }
  return result;
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** Expand every scalar of a parsed file; keys stay as they are. The result has no prototypes. */
export function interpolateTree(value: unknown, variables: ReadonlyMap<string, string>, depth = 0): unknown {
  if (typeof value === 'string') return interpolate(value, variables);
  if (depth > 60 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => interpolateTree(item, variables, depth + 1));
  const result: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) result[key] = interpolateTree(item, variables, depth + 1);
  return result;
}
