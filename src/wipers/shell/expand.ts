import type { ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash';
import { UNKNOWN_TEXT } from '../effect.ts';
import { expandBraces, hasGlob, matchesText, quoteGlob } from '../paths.ts';
import { arithmetic } from './arithmetic.ts';
import { walkGlob } from './glob-walk.ts';
import { DEPTH_LIMIT, type Shell } from './shell.ts';

/** One word after expansion: what it became, and what it was before its globs were expanded. */
export interface Expanded {
  readonly text: string;
  readonly raw: string;
}

/** What expansion needs from the interpreter. */
export interface Substitution {
  /** Run a script for its output, without the final newlines. */
  output(shell: Shell, script: ParsedScript | undefined): string;
  /** Parse one word again (after brace expansion). */
  word(text: string): Word | null;
}

interface Piece {
  readonly text: string;
  /** Globs in it are active and (where `split`) blanks separate words. */
  readonly active: boolean;
  readonly split: boolean;
}
type Pieces = (Piece | 'break')[];

/**
 * Variables that by their name may hold the session: where they are not set here their value is not taken to be empty,
 * because whoever runs the script will have set them.
 */
const SESSION_NAME = /SESS|AUTH|WWEB|WHATSAPP|USER_?DATA|PROFILE|LOGIN|CRED|DATA_?(?:DIR|PATH)|STORE|STATE/i;

const DYNAMIC: ReadonlySet<string> = new Set([
  'RANDOM',
  '$',
  '!',
  'PPID',
  'SECONDS',
  'EPOCHSECONDS',
  'BASHPID',
  'UID',
  'EUID',
]);

function variable(shell: Shell, name: string): string | undefined {
  if (/^\d+$/.test(name)) return name === '0' ? shell.zero : shell.args[Number(name) - 1];
  switch (name) {
    case '@':
    case '*':
      return shell.args.length === 0 ? undefined : shell.args.join(' ');
    case '#':
      return String(shell.args.length);
    case '?':
      return shell.last === true || shell.last === 'assumed' ? '0' : shell.last === false ? '1' : UNKNOWN_TEXT;
    case '-':
      return 'hB';
  }
  const array = shell.arrays.get(name);
  if (array !== undefined) return array[0];
  const value = shell.get(name);
  if (value !== undefined) return value;
  if (DYNAMIC.has(name) && (shell.flavour !== 'dash' || name.length === 1 || name === 'PPID')) return UNKNOWN_TEXT;
  if (name === 'HOME') return shell.run.context.home ?? `/${UNKNOWN_TEXT}`;
  if (name === 'BASH_SOURCE' && shell.flavour === 'bash') return shell.zero;
  if (name === 'SHELL') return '/bin/bash';
  if (name === 'USER' || name === 'LOGNAME' || name === 'HOSTNAME' || name === 'PATH') return UNKNOWN_TEXT;
  return undefined;
}

/** The value of a variable that stands alone: unset ones are empty, unless their name says that they are set elsewhere. */
function plainValue(shell: Shell, name: string): string {
  const value = variable(shell, name);
  if (value !== undefined) return value;
  return SESSION_NAME.test(name) && !/^\d/.test(name) ? UNKNOWN_TEXT : '';
}

/** Text of a word as one string: no splitting, no globs. */
export function expandText(shell: Shell, word: Word | undefined, sub: Substitution): string {
  if (word === undefined) return '';
  return joined(shell, piecesOf(shell, word, sub, true), (piece) => piece.text);
}

/** A word as a pattern (`case`, `${x%…}`, `[[ == ]]`): quoted text is quoted, the rest is active. */
export function expandPattern(shell: Shell, word: Word | undefined, sub: Substitution): string {
  if (word === undefined) return '';
  return joined(shell, piecesOf(shell, word, sub, true), (piece) =>
    piece.active ? piece.text : quoteGlob(piece.text),
  );
}

function joined(_shell: Shell, pieces: Pieces, text: (piece: Piece) => string): string {
  let result = '';
  for (const piece of pieces) result += piece === 'break' ? ' ' : text(piece);
  return result;
}

/** Parts of a here-document body, or `null` where it is quoted. */
export function expandParts(shell: Shell, parts: readonly WordPart[], sub: Substitution): string {
  const pieces: Pieces = [];
  for (const part of parts) addPart(shell, part, pieces, true, sub, 0);
  return joined(shell, pieces, (piece) => piece.text);
}

/** Words after every expansion, as the command gets them. */
export function expandWords(shell: Shell, words: readonly Word[], sub: Substitution): Expanded[] {
  const result: Expanded[] = [];
  for (const word of words) {
    if (word.parts === undefined && !word.text.startsWith('~')) {
      result.push({ text: word.value, raw: word.value });
      continue;
    }
    if (shell.flavour === 'bash' && word.text.includes('{')) {
      const choices = expandBraces(word.text);
      if (choices.length > 1) {
        for (const choice of choices) {
          if (choice === '') continue;
          const inner = sub.word(choice);
          if (inner !== null) fields(shell, inner, sub, result);
        }
        continue;
      }
    }
    fields(shell, word, sub, result);
  }
  return result;
}

function fields(shell: Shell, word: Word, sub: Substitution, result: Expanded[]): void {
  const ifs = shell.get('IFS') ?? ' \t\n';
  let current: Piece[] | null = null;
  const flush = (): void => {
    if (current !== null) glob(shell, current, result);
    current = null;
  };
  for (const piece of piecesOf(shell, word, sub, false)) {
    if (piece === 'break') {
      flush();
      continue;
    }
    if (!piece.split) {
      current = current ?? [];
      current.push(piece);
      continue;
    }
    let start = 0;
    for (let at = 0; at <= piece.text.length; at += 1) {
      if (at < piece.text.length && !ifs.includes(piece.text.charAt(at))) continue;
      if (at > start) {
        current = current ?? [];
        current.push({ ...piece, text: piece.text.slice(start, at) });
      }
      if (at < piece.text.length) flush();
      start = at + 1;
    }
  }
  flush();
}

/** In dash `[^x]` is a set that holds `^`. */
function posixClass(shell: Shell, text: string): string {
  return shell.flavour === 'dash' && text.includes('[^') ? text.replaceAll('[^', '[\\^') : text;
}

function glob(shell: Shell, pieces: readonly Piece[], result: Expanded[]): void {
  let text = '';
  for (const piece of pieces) text += piece.text;
  const active = !shell.noglob && pieces.some((piece) => piece.active && hasGlob(piece.text, shell.extglob));
  if (!active) {
    result.push({ text, raw: text });
    return;
  }
  let pattern = '';
  for (const piece of pieces) pattern += piece.active ? posixClass(shell, piece.text) : quoteGlob(piece.text);
  if (pattern.includes(UNKNOWN_TEXT) || shell.cwd.includes(UNKNOWN_TEXT)) {
    result.push({ text: text.replaceAll('*', UNKNOWN_TEXT), raw: text });
    return;
  }
  const base = pattern.startsWith('/') ? '/' : shell.path('.');
  const matches = walkGlob(shell.run.tree, base, shell.container === null ? pattern : inContainer(shell, pattern), {
    dot: shell.dotglob,
    extended: shell.extglob,
    globstar: shell.globstar,
    globstarDot: false,
    step: () => shell.run.step(0.2),
  });
  if (matches.length === 0 && !shell.nullglob) result.push({ text, raw: text });
  for (const match of matches) result.push({ text: outOfContainer(shell, match), raw: text });
}

function inContainer(shell: Shell, pattern: string): string {
  if (!pattern.startsWith('/')) return pattern;
  return shell.path(pattern);
}

/** The container path of a host path that a glob found. */
function outOfContainer(shell: Shell, match: string): string {
  for (const { at, host } of shell.container ?? []) {
    if (host !== null && (match === host || match.startsWith(`${host}/`))) return at + match.slice(host.length);
  }
  return match;
}

function piecesOf(shell: Shell, word: Word, sub: Substitution, text: boolean): Pieces {
  const pieces: Pieces = [];
  const tilde = /^~([\w.+-]*)(?=\/|$)/.exec(word.text);
  if (word.parts === undefined) {
    const head = tilde === null ? '' : home(shell, tilde[1] ?? '');
    const rest = tilde === null ? word.value : word.value.slice(tilde[0].length);
    return [{ text: head + rest, active: false, split: false }];
  }
  if (tilde !== null) pieces.push({ text: home(shell, tilde[1] ?? ''), active: false, split: false });
  for (const [index, part] of word.parts.entries()) {
    if (index === 0 && tilde !== null && part.type === 'Literal') {
      pieces.push({ text: part.value.slice(tilde[0].length), active: false, split: false });
    } else addPart(shell, part, pieces, false, sub, 0);
  }
  return text ? pieces.map((piece) => (piece === 'break' ? piece : { ...piece, split: false })) : pieces;
}

function home(shell: Shell, user: string): string {
  if (user === '+') return shell.cwd;
  if (user === '-') return shell.before;
  if (user === 'root') return '/root';
  return user === '' ? (variable(shell, 'HOME') ?? `/${UNKNOWN_TEXT}`) : `/${UNKNOWN_TEXT}`;
}

function addPart(
  shell: Shell,
  part: WordPart,
  pieces: Pieces,
  quoted: boolean,
  sub: Substitution,
  depth: number,
): void {
  if (depth > DEPTH_LIMIT) return;
  const value = (text: string): void => {
    pieces.push({ text, active: !quoted, split: !quoted });
  };
  const literal = (text: string): void => {
    pieces.push({ text, active: false, split: false });
  };
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      return literal(part.value);
    case 'AnsiCQuoted':
      // dash has no $'…': a dollar sign and a quoted text.
      return literal(shell.flavour === 'dash' ? `$${part.text.slice(2, -1)}` : part.value);
    case 'Glob':
      pieces.push({ text: part.text, active: true, split: false });
      return;
    case 'ExtendedGlob':
      pieces.push({ text: part.text, active: true, split: false });
      return;
    case 'DoubleQuoted':
    case 'LocaleString': {
      const [only] = part.parts;
      if (part.parts.length === 1 && only !== undefined && listExpansion(shell, only, pieces, true)) return;
      literal('');
      for (const inner of part.parts) addPart(shell, inner, pieces, true, sub, depth + 1);
      return;
    }
    case 'SimpleExpansion':
      if (listExpansion(shell, part, pieces, quoted)) return;
      return value(plainValue(shell, part.text.slice(1)));
    case 'ParameterExpansion':
      if (listExpansion(shell, part, pieces, quoted)) return;
      return parameter(shell, part, pieces, quoted, sub);
    case 'CommandExpansion':
      return value(sub.output(shell, part.script));
    case 'ArithmeticExpansion':
      return value(
        arithmetic(part.expression, {
          get: (name) => variable(shell, name),
          set: (name, text) => shell.set(name, text),
        }),
      );
    case 'ProcessSubstitution':
      sub.output(shell, part.script);
      return literal(`/dev/fd/${UNKNOWN_TEXT}`);
    case 'BraceExpansion':
      if (part.parts === undefined) return literal(part.text);
      for (const inner of part.parts) addPart(shell, inner, pieces, quoted, sub, depth + 1);
      return;
  }
}

/** `$@`, `$*`, `${name[@]}`: several words from one. */
function listExpansion(shell: Shell, part: WordPart, pieces: Pieces, quoted: boolean): boolean {
  let list: readonly string[] | undefined;
  let star = false;
  if (part.type === 'SimpleExpansion') {
    if (part.text !== '$@' && part.text !== '$*') return false;
    list = shell.args;
    star = part.text === '$*';
  } else if (part.type === 'ParameterExpansion') {
    if (part.operation !== undefined || part.prefix !== undefined) return false;
    if (part.parameter === '@' || part.parameter === '*') list = shell.args;
    else if (part.index !== undefined && (part.index.value === '@' || part.index.value === '*')) {
      list = shell.arrays.get(part.parameter) ?? [];
    } else return false;
    star = part.parameter === '*' || part.index?.value === '*';
  } else return false;
  if (quoted && star) {
    pieces.push({ text: list.join(' '), active: false, split: false });
    return true;
  }
  for (const [index, item] of list.entries()) {
    if (index > 0) pieces.push('break');
    pieces.push({ text: item, active: !quoted, split: !quoted });
  }
  return true;
}

function parameter(
  shell: Shell,
  part: ParameterExpansionPart,
  pieces: Pieces,
  quoted: boolean,
  sub: Substitution,
): void {
  const push = (text: string): void => {
    pieces.push({ text, active: !quoted, split: !quoted });
  };
  const index = part.index === undefined ? null : Number(expandText(shell, part.index, sub));
  const array = shell.arrays.get(part.parameter);
  const set =
    index !== null && array !== undefined
      ? Number.isInteger(index)
        ? array.at(index)
        : UNKNOWN_TEXT
      : variable(shell, part.parameter);
  if (part.prefix === '#') {
    if (part.index !== undefined) return push(String(array?.length ?? 0));
    return push(set?.includes(UNKNOWN_TEXT) ? UNKNOWN_TEXT : String((set ?? '').length));
  }
  if (part.prefix === '!') {
    return push(set === undefined ? '' : (variable(shell, set) ?? ''));
  }
  const { operation } = part;
  if (operation === undefined) return push(set ?? plainValue(shell, part.parameter));
  if (operation.type === 'Default') {
    const colon = operation.operator.startsWith(':');
    const missing = set === undefined || (colon && set === '');
    const word = (): void => {
      const inner = piecesOf(shell, operation.operand, sub, false);
      for (const piece of inner) {
        if (piece === 'break') pieces.push(piece);
        else if (quoted) pieces.push({ text: piece.text, active: false, split: false });
        else pieces.push(operation.operand.parts === undefined ? { ...piece, split: true } : piece);
      }
    };
    switch (operation.operator) {
      case '+':
      case ':+':
        if (missing) return push('');
        return word();
      case '?':
      case ':?':
        if (!missing) return push(set);
        shell.flow = { kind: 'exit', levels: 0, ok: false };
        return push('');
      default:
        if (!missing) return push(set);
        if (operation.operator.endsWith('=')) shell.set(part.parameter, expandText(shell, operation.operand, sub));
        return word();
    }
  }
  const value = set ?? plainValue(shell, part.parameter);
  if (value.includes(UNKNOWN_TEXT))
    return push(value === UNKNOWN_TEXT ? value : value.replace(/^[\s\S]*$/, UNKNOWN_TEXT));
  switch (operation.type) {
    case 'Remove':
      return push(removed(value, operation.operator, expandPattern(shell, operation.operand, sub)));
    case 'Replace': {
      const pattern = expandPattern(shell, operation.pattern, sub);
      return push(replaced(value, operation.operator, pattern, expandText(shell, operation.replacement, sub)));
    }
    case 'Slice': {
      const offset = Number(expandText(shell, operation.offset, sub).trim() || '0');
      const length = operation.length === undefined ? undefined : Number(expandText(shell, operation.length, sub));
      if (!Number.isInteger(offset) || (length !== undefined && !Number.isInteger(length))) return push(UNKNOWN_TEXT);
      const from = offset < 0 ? Math.max(0, value.length + offset) : offset;
      return push(value.slice(from, length === undefined ? undefined : length < 0 ? length : from + length));
    }
    case 'CaseModification':
      if (operation.operator === ',,') return push(value.toLowerCase());
      if (operation.operator === '^^') return push(value.toUpperCase());
      if (operation.operator === '^') return push(value.charAt(0).toUpperCase() + value.slice(1));
      return push(value.charAt(0).toLowerCase() + value.slice(1));
    default:
      return push(UNKNOWN_TEXT);
  }
}

function removed(value: string, operator: string, pattern: string): string {
  const lengths = Array.from({ length: value.length + 1 }, (_, n) => n);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths.slice(0, 4096)) {
    if (operator.startsWith('#')) {
      if (matchesText(pattern, value.slice(0, length))) return value.slice(length);
    } else if (matchesText(pattern, value.slice(value.length - length))) return value.slice(0, value.length - length);
  }
  return value;
}

function replaced(value: string, operator: string, pattern: string, by: string): string {
  if (value.length > 512 || pattern === '') return pattern === '' ? value : UNKNOWN_TEXT;
  let result = '';
  for (let at = 0; at < value.length; ) {
    let end = -1;
    if (operator !== '/%' || at >= 0) {
      for (let to = value.length; to > at; to -= 1) {
        if (operator === '/%' && to !== value.length) break;
        if (matchesText(pattern, value.slice(at, to))) {
          end = to;
          break;
        }
      }
    }
    if (end > at) {
      result += by;
      at = end;
      if (operator !== '//') return result + value.slice(at);
    } else {
      result += value.charAt(at);
      at += 1;
      if (operator === '/#') return value;
    }
  }
  return result;
}
