/** `$NAME` and `${NAME:-default}` as Dockerfiles expand them. */
export function expandDockerfile(text: string, variables: ReadonlyMap<string, string>, missing?: Set<string>): string {
  let result = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\' && at + 1 < text.length) {
      result += text[at + 1];
      at += 1;
      continue;
    }
    if (char !== '$') {
      result += char;
      continue;
    }
    const plain = /^[A-Za-z_]\w*/.exec(text.slice(at + 1, at + 257));
    if (plain !== null) {
      result += lookUp(plain[0], variables, missing);
      at += plain[0].length;
      continue;
    }
    if (text[at + 1] !== '{') {
      result += char;
      continue;
    }
    const end = closing(text, at + 2);
    if (end < 0) return result + text.slice(at);
    const inside = text.slice(at + 2, end);
    const parts = /^([A-Za-z_]\w*)(?:(:?[-+?])([\s\S]*))?$/.exec(inside);
    at = end;
    if (parts === null) continue;
    const [, name = '', operator, operand = ''] = parts;
    const value = variables.get(name);
    const set = operator?.startsWith(':') ? Boolean(value) : value !== undefined;
    if (operator?.endsWith('-')) result += set ? value : expandDockerfile(operand.slice(0, 4096), variables, missing);
    else if (operator?.endsWith('+')) result += set ? expandDockerfile(operand.slice(0, 4096), variables, missing) : '';
    else result += lookUp(name, variables, missing);
  }
  return result;
}

function lookUp(name: string, variables: ReadonlyMap<string, string>, missing: Set<string> | undefined): string {
  const value = variables.get(name);
  if (value === undefined) missing?.add(name);
  return value ?? '';
}

/** The `}` that belongs to the `{` before `from`, or -1. */
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
