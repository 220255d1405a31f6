import { UNKNOWN_TEXT } from '../../effect.ts';
import { hasGlob, matchesName } from '../../paths.ts';
import { walkGlob } from '../glob-walk.ts';
import { record } from '../record.ts';
import { type Removal, removeAll } from '../remove.ts';
import type { Io, Ok, Shell } from '../shell.ts';

/** Statements of one script that are acted out. */
const STATEMENT_LIMIT = 5_000;

const REMOVE: ReadonlySet<string> = new Set(['remove-item', 'ri', 'rm', 'del', 'rd', 'rmdir', 'erase']);
const LIST: ReadonlySet<string> = new Set(['get-childitem', 'gci', 'ls', 'dir', 'get-item', 'gi']);
const SWITCHES: ReadonlySet<string> = new Set([
  '-recurse',
  '-r',
  '-force',
  '-f',
  '-confirm',
  '-verbose',
  '-whatif',
  '-directory',
  '-file',
  '-name',
  '-hidden',
]);
const PATHS: ReadonlySet<string> = new Set(['-path', '-literalpath', '-filepath', '-lp']);

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

/** Words of one statement: quotes, variables, commas between list items. */
function tokenize(shell: Shell, text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /'((?:[^']|'')*)'|"((?:[^"`]|`.|"")*)"|(,)|([^\s,'"]+)/g;
  for (const match of text.matchAll(pattern)) {
    if (match[1] !== undefined) tokens.push({ text: match[1].replaceAll("''", "'"), quoted: true });
    else if (match[2] !== undefined) tokens.push({ text: expand(shell, match[2]), quoted: true });
    else if (match[3] !== undefined) tokens.push({ text: ',', quoted: false });
    else tokens.push({ text: expand(shell, match[4] ?? ''), quoted: false });
    if (tokens.length > 500) break;
  }
  return tokens;
}

function expand(shell: Shell, text: string): string {
  return text.replace(/\$\{?(?:env:|script:|global:)?(\w+)\}?(?:\.(?:FullName|Path|Name))?/g, (_, name: string) => {
    if (/^PSScriptRoot$|^PWD$/i.test(name)) return shell.cwd;
    if (/^true$|^false$|^null$/i.test(name)) return '';
    return shell.get(name.toUpperCase()) ?? UNKNOWN_TEXT;
  });
}

function slashes(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^[A-Za-z]:(?=\/)/, '')
    .replace(/(?<=.)\/+$/, '');
}

function values(tokens: readonly Token[]): { paths: string[]; options: Map<string, string[]> } {
  const paths: string[] = [];
  const options = new Map<string, string[]>();
  let into: string[] = paths;
  let list = false;
  for (const { text, quoted } of tokens) {
    if (text === ',' && !quoted) {
      list = true;
      continue;
    }
    if (!quoted && /^-[A-Za-z]+:?/.test(text)) {
      const name = text.toLowerCase().replace(/:.*$/, '');
      if (PATHS.has(name)) into = paths;
      else if (SWITCHES.has(name)) options.set(name, []);
      else {
        into = [];
        options.set(name, into);
      }
      list = true;
      continue;
    }
    if (!list && into !== paths) into = paths;
    into.push(text.replace(/^[@(]+|[)]+$/g, ''));
    if (into !== paths) list = false;
  }
  return { paths: paths.filter((path) => path !== ''), options };
}

function matches(shell: Shell, path: string, literal: boolean): Removal[] {
  const text = slashes(path);
  if (literal || !hasGlob(text) || text.includes(UNKNOWN_TEXT)) return [{ text, raw: text }];
  return walkGlob(shell.run.tree, text.startsWith('/') ? '/' : shell.path('.'), text, {
    dot: true,
    extended: false,
    globstar: false,
    globstarDot: true,
    step: () => shell.run.step(0.2),
  }).map((match) => ({ text: match, raw: text }));
}

/** What Get-ChildItem lists. */
function children(shell: Shell, tokens: readonly Token[]): Removal[] | null {
  const { paths, options } = values(tokens);
  const start = paths.length === 0 ? ['.'] : paths;
  const include = [...(options.get('-include') ?? []), ...(options.get('-filter') ?? [])];
  const exclude = options.get('-exclude') ?? [];
  const recurse = options.has('-recurse') || options.has('-r');
  const found: Removal[] = [];
  const fits = (name: string): boolean =>
    (include.length === 0 || include.some((pattern) => matchesName(pattern, name, { dot: true, extended: false }))) &&
    !exclude.some((pattern) => matchesName(pattern, name, { dot: true, extended: false }));
  const walk = (directory: string, raw: string, depth: number): void => {
    const { entry } = shell.find(directory, true);
    if (entry?.kind !== 'directory' || depth > 40 || !shell.run.step()) return;
    for (const name of shell.run.tree.names(entry)) {
      const kind = shell.run.tree.child(entry, name)?.kind;
      const wanted = options.has('-directory') ? kind === 'directory' : options.has('-file') ? kind === 'file' : true;
      if (wanted && fits(name)) found.push({ text: `${directory}/${name}`, raw });
      if (recurse && kind === 'directory' && name !== 'node_modules') walk(`${directory}/${name}`, raw, depth + 1);
    }
  };
  for (const path of start) {
    if (path.includes(UNKNOWN_TEXT)) return null;
    for (const item of matches(shell, path, false)) {
      const { entry } = shell.find(item.text, true);
      if (hasGlob(path) || entry?.kind !== 'directory') {
        if (entry !== null && fits(item.text.split('/').at(-1) ?? '')) found.push(item);
      } else walk(item.text, item.raw, 0);
    }
  }
  return found;
}

function remove(shell: Shell, tokens: readonly Token[], piped: Removal[] | null | undefined): Ok {
  const { paths, options } = values(tokens);
  if (options.has('-whatif')) return true;
  const literal = tokens.some(({ text, quoted }) => !quoted && /^-(?:literalpath|lp)$/i.test(text));
  const exclude = options.get('-exclude') ?? [];
  const items =
    piped === undefined
      ? paths.flatMap((path) => matches(shell, path, literal))
      : (piped ?? [{ text: UNKNOWN_TEXT, raw: UNKNOWN_TEXT }]);
  const kept = items.filter(
    ({ text }) =>
      !exclude.some((pattern) => matchesName(pattern, text.split('/').at(-1) ?? '', { dot: true, extended: false })),
  );
  // Without -Recurse PowerShell asks about directories that are not empty; the analysis takes it that the answer is yes.
  return removeAll(shell, 'Remove-Item', kept, { recursive: true, force: true });
}

function condition(shell: Shell, text: string): Ok {
  const negated = /^\s*(?:-not|!)\s*/i.test(text);
  const test = /Test-Path\s+([^)]*)/i.exec(text);
  if (test === null) return 'unknown';
  const { paths } = values(tokenize(shell, test[1] ?? ''));
  const [path] = paths;
  if (path === undefined || path.includes(UNKNOWN_TEXT)) return 'unknown';
  const exists = matches(shell, path, false).some((item) => shell.find(item.text, true).entry !== null);
  return exists !== negated;
}

/** Statements at the top level: split at `;` and line ends outside quotes and braces. */
function statements(text: string): string[] {
  const list: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < text.length && list.length < STATEMENT_LIMIT; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '`' && quote === '"') at += 1;
    } else if (char === '`') at += 1;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '#' && (at === 0 || /[\s;{]/.test(text.charAt(at - 1)))) {
      const end = text.indexOf('\n', at);
      list.push(text.slice(from, at));
      at = end < 0 ? text.length : end;
      from = at;
    } else if (char === '{' || char === '(') depth += 1;
    else if (char === '}' || char === ')') {
      depth -= 1;
    } else if (depth <= 0 && (char === ';' || (char === '\n' && !/[|,`]\s*$/.test(text.slice(from, at))))) {
      const next = text.slice(at + 1).trimStart();
      if (/^(?:else|elseif|catch|finally)\b/i.test(next) && char === '\n') continue;
      list.push(text.slice(from, at));
      from = at + 1;
    }
  }
  list.push(text.slice(from));
  return list.map((item) => item.trim()).filter((item) => item !== '');
}

/** The text between the braces that open first at or after `from`. */
function block(text: string, from: number): { body: string; end: number } | null {
  const open = text.indexOf('{', from);
  if (open < 0) return null;
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return { body: text.slice(open + 1, at), end: at + 1 };
    }
  }
  return null;
}

function run(shell: Shell, text: string, io: Io, depth: number): Ok {
  let ok: Ok = true;
  if (depth > 30) return 'unknown';
  for (const statement of statements(text)) {
    if (!shell.run.step() || shell.flow !== null) return ok;
    ok = one(shell, statement, io, depth);
  }
  return ok;
}

function one(shell: Shell, statement: string, io: Io, depth: number): Ok {
  const conditional = /^if\s*\(/i.exec(statement);
  if (conditional !== null) {
    const body = block(statement, 0);
    if (body === null) return 'unknown';
    const ok = condition(shell, statement.slice(conditional[0].length, statement.indexOf('{')));
    const rest = /^\s*else(?:if\s*\([^{]*\))?\s*/i.exec(statement.slice(body.end));
    const otherwise = rest === null ? null : block(statement, body.end);
    const both = (): Ok => {
      if (ok !== false) run(shell, body.body, io, depth + 1);
      if (ok !== true && otherwise !== null) run(shell, otherwise.body, io, depth + 1);
      return 'unknown';
    };
    return ok === 'unknown'
      ? shell.run.perhaps('it depends on a condition that is not known before it runs', both)
      : both();
  }
  const each = /^foreach\s*\(\s*\$(\w+)\s+in\s+([^{]*)\)\s*\{/i.exec(statement);
  if (each !== null) {
    const body = block(statement, 0);
    const listed = (each[2] ?? '').trim();
    const array = /^\$(\w+)$/.exec(listed);
    const known = array === null ? undefined : shell.arrays.get((array[1] ?? '').toUpperCase());
    for (const item of known ?? values(tokenize(shell, listed)).paths) {
      shell.vars.set((each[1] ?? '').toUpperCase(), item);
      if (body !== null) run(shell, body.body, io, depth + 1);
    }
    return true;
  }
  if (/^(?:try|while|do|function|catch|finally|switch|process|begin|end)\b/i.test(statement)) {
    const body = block(statement, 0);
    if (body !== null && !/^function\b/i.test(statement)) run(shell, body.body, io, depth + 1);
    return true;
  }
  const assignment = /^(?:\[\w+\])?\$(?:env:|script:|global:)?(\w+)\s*=\s*([\s\S]*)$/i.exec(statement);
  if (assignment !== null) {
    const name = (assignment[1] ?? '').toUpperCase();
    const value = (assignment[2] ?? '').trim();
    const { paths } = values(tokenize(shell, value));
    if (/^@\(|,/.test(value)) shell.arrays.set(name, paths);
    const joined = /^(?:\(?Join-Path)\s+([\s\S]*?)\)?$/i.exec(value);
    const plain = joined === null ? null : values(tokenize(shell, joined[1] ?? '')).paths;
    const simple = /^(?:'[^']*'|"[^"]*"|\$\w+)$/.test(value);
    shell.set(name, plain !== null ? plain.map(slashes).join('/') : simple ? (paths[0] ?? '') : UNKNOWN_TEXT);
    return true;
  }
  let piped: Removal[] | null | undefined;
  for (const part of statement.split(/\|(?![^'"]*['"][^'"]*$)/)) {
    const tokens = tokenize(
      shell,
      part
        .trim()
        .replace(/^[&.]\s+/, '')
        .replace(/^\(|\)$/g, ''),
    );
    const [head, ...rest] = tokens;
    if (head === undefined) continue;
    const name = head.text.toLowerCase();
    const body = /^(?:foreach-object|foreach|%)$/.test(name) ? block(part, 0) : null;
    if (LIST.has(name)) piped = children(shell, rest);
    else if (REMOVE.has(name)) return remove(shell, rest, piped);
    else if (/^(?:where-object|where|\?)$/.test(name)) piped = null;
    else if (body !== null) {
      for (const item of piped ?? [{ text: UNKNOWN_TEXT, raw: UNKNOWN_TEXT }]) {
        shell.vars.set('_', item.text);
        run(shell, body.body, io, depth + 1);
      }
      return true;
    } else if (name === 'set-location' || name === 'cd' || name === 'push-location' || name === 'sl') {
      const [to] = values(rest).paths;
      const found = to === undefined || to.includes(UNKNOWN_TEXT) ? null : shell.find(slashes(to), true);
      if (found?.entry?.kind === 'directory') shell.cwd = found.path;
      return true;
    } else if (name === 'clear-content') {
      for (const path of values(rest).paths) {
        const found = shell.find(slashes(path), true);
        if (found.entry === null) continue;
        shell.run.tree.spoil(found.entry, shell.run.doubt);
        if (shell.run.touch(found.path))
          record(shell, {
            kind: 'empty',
            tool: 'Clear-Content',
            patterns: [shell.shown(slashes(path))],
            touched: [found.path],
          });
      }
      return true;
    } else if (name === 'move-item' || name === 'mi' || name === 'rename-item') {
      const { paths, options } = values(rest);
      const args = [...paths, ...(options.get('-destination') ?? options.get('-newname') ?? [])].map(slashes);
      return shell.run.engine.execute({ name: 'mv', args, raws: args, shell, io });
    } else if (/^[a-z]+-[a-z]+$/.test(name)) return 'assumed';
    else {
      const args = rest.filter(({ text }) => text !== ',').map(({ text }) => text);
      return shell.run.engine.execute({ name: slashes(head.text), args, raws: args, shell, io });
    }
  }
  return true;
}

/** Act a PowerShell script out: Remove-Item in all its spellings, lists, variables, Test-Path, foreach. */
export function runPowerShell(shell: Shell, text: string, io: Io): Ok {
  return run(
    shell,
    text
      .slice(0, 500_000)
      .replace(/<#[\s\S]*?#>/g, '')
      .replace(/`\r?\n/g, ' ')
      .replaceAll('\r\n', '\n'),
    io,
    0,
  );
}
