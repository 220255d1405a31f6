import { UNKNOWN_TEXT } from '../effect.ts';
import { CONSENT, type Ok, type Shell } from './shell.ts';

const CONSENTS: ReadonlySet<string> = new Set([
  'y',
  'Y',
  'yes',
  'YES',
  'Yes',
  'j',
  'J',
  'ja',
  's',
  'S',
  'si',
  'o',
  'oui',
]);

/** `=` and `!=` on texts. */
export function compareText(left: string, operator: string, right: string): Ok {
  let equal: Ok;
  if (left === CONSENT || right === CONSENT) {
    const other = left === CONSENT ? right : left;
    equal = CONSENTS.has(other.toLowerCase()) ? true : /^(?:n|no|q|quit|)$/i.test(other) ? false : 'unknown';
  } else if (left.includes(UNKNOWN_TEXT) || right.includes(UNKNOWN_TEXT)) equal = 'unknown';
  else equal = left === right;
  if (operator !== '!=') return equal;
  return equal === true ? false : equal === false ? true : 'unknown';
}

/** `-eq`, `-lt`, … and the file comparisons. */
export function compareNumbers(_shell: Shell, left: string, operator: string, right: string): Ok {
  if (!/^-?\d+$/.test(left.trim()) || !/^-?\d+$/.test(right.trim())) {
    return left.includes(UNKNOWN_TEXT) || right.includes(UNKNOWN_TEXT) || !operator.startsWith('-') ? 'unknown' : false;
  }
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    case '-ge':
      return a >= b;
    default:
      return 'unknown';
  }
}

/** `-f x`, `-z x`, … */
export function testFile(shell: Shell, operator: string, operand: string): Ok {
  if (operator === '-z' || operator === '-n') {
    if (operand.includes(UNKNOWN_TEXT)) return 'unknown';
    return (operand === '') === (operator === '-z');
  }
  if (operator === '-t') return 'unknown';
  if (operator === '-v') return shell.get(operand) !== undefined;
  if (operand === '') return false;
  if (operand.includes(UNKNOWN_TEXT) || shell.cwd.includes(UNKNOWN_TEXT)) return 'unknown';
  const { entry, doubt } = shell.find(operand, operator !== '-L' && operator !== '-h');
  if (entry === null) return false;
  if (doubt !== null) return 'unknown';
  // `file/` names nothing.
  if (/\/\.?$/.test(operand) && entry.kind === 'file') return false;
  switch (operator) {
    case '-e':
    case '-a':
    case '-r':
    case '-w':
      return true;
    case '-f':
      return entry.kind === 'file';
    case '-d':
      return entry.kind === 'directory';
    case '-L':
    case '-h':
      return entry.kind === 'link';
    case '-x':
      return entry.kind === 'directory' ? true : 'unknown';
    case '-s': {
      if (entry.kind === 'directory') return true;
      const text = shell.run.tree.text(shell.path(operand));
      return text === null ? 'unknown' : text !== '';
    }
    case '-p':
    case '-S':
    case '-b':
    case '-c':
      return false;
    default:
      return 'unknown';
  }
}

/** `test` and `[` (without the closing bracket). */
export function testWords(shell: Shell, words: readonly string[]): Ok {
  let at = 0;
  const not = (ok: Ok): Ok => (ok === true ? false : ok === false ? true : 'unknown');
  const primary = (depth: number): Ok => {
    const word = words[at];
    if (word === undefined || depth > 50) return false;
    const left = words.length - at;
    if (left >= 3 && /^(?:=|==|!=|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef|<|>)$/.test(words[at + 1] ?? '')) {
      const operator = words[at + 1] ?? '';
      const right = words[at + 2] ?? '';
      at += 3;
      if (operator === '==' && shell.flavour === 'dash') return false;
      return operator.endsWith('=') ? compareText(word, operator, right) : compareNumbers(shell, word, operator, right);
    }
    if (word === '!' && left > 1) {
      at += 1;
      return not(primary(depth + 1));
    }
    if (word === '(' && left > 2) {
      at += 1;
      const ok = or(depth + 1);
      if (words[at] === ')') at += 1;
      return ok;
    }
    if (/^-[a-zA-Z]$/.test(word) && left >= 2 && word !== '-a' && word !== '-o') {
      const operand = words[at + 1] ?? '';
      at += 2;
      return testFile(shell, word, operand);
    }
    at += 1;
    return word.includes(UNKNOWN_TEXT) ? 'unknown' : word !== '';
  };
  const and = (depth: number): Ok => {
    let ok = primary(depth);
    while (words[at] === '-a' && at + 1 < words.length) {
      at += 1;
      const right = primary(depth);
      ok = ok === false || right === false ? false : ok === 'unknown' || right === 'unknown' ? 'unknown' : true;
    }
    return ok;
  };
  const or = (depth: number): Ok => {
    let ok = and(depth);
    while (words[at] === '-o' && at + 1 < words.length) {
      at += 1;
      const right = and(depth);
      ok = ok === true || right === true ? true : ok === 'unknown' || right === 'unknown' ? 'unknown' : false;
    }
    return ok;
  };
  return or(0);
}
