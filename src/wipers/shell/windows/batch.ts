import { UNKNOWN_TEXT } from '../../effect.ts';
import { hasGlob } from '../../paths.ts';
import { walkGlob } from '../glob-walk.ts';
import { type Removal, removeAll } from '../remove.ts';
import { type Io, type Ok, Output, type Shell } from '../shell.ts';

/** Lines of one batch file that are acted out. */
const LINE_LIMIT = 5_000;

/** Does a command look as if written for cmd.exe? Decided before it is read as shell. */
export function looksLikeBatch(text: string): boolean {
  return (
    /(?:^|[&|(]\s*)(?:if\s+(?:\/i\s+)?(?:not\s+)?exist\s|(?:rd|rmdir)\s+\/[sq]\b|del\s+\/[sqfa]\b|erase\s+\/|rd\s|del\s+[^\n]{0,200}\\|for\s+\/[drfl]\s|xcopy\s|robocopy\s|setlocal\b|@echo\b)/i.test(
      text,
    ) || /(?:rd|rmdir|del)\s[^\n]{0,200}%\w+%/i.test(text)
  );
}

interface State {
  readonly shell: Shell;
  readonly io: Io;
  readonly args: readonly string[];
}

function expand(state: State, text: string): string {
  const { shell } = state;
  return text
    .replace(/%~(?:[dpnxf]*)(\d)/g, (whole, digit: string) =>
      /%~[dp]+0/.test(whole) ? `${shell.cwd}/` : (state.args[Number(digit) - 1] ?? ''),
    )
    .replace(/%(\d)/g, (_, digit: string) => state.args[Number(digit) - 1] ?? '')
    .replace(/%(\w+)(?::[^%]*)?%/g, (_, name: string) => {
      if (/^cd$/i.test(name)) return shell.cwd;
      return shell.get(name.toUpperCase()) ?? (/SESS|AUTH|DATA|PROFILE/i.test(name) ? UNKNOWN_TEXT : '');
    })
    .replace(/!(\w+)!/g, (_, name: string) => shell.get(name.toUpperCase()) ?? UNKNOWN_TEXT);
}

function words(text: string): string[] {
  const result: string[] = [];
  for (const match of text.matchAll(/(?:"[^"]*"|[^\s",;=]|(?<=\/\w+)=)+/g)) result.push(match[0].replaceAll('"', ''));
  return result;
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/').replace(/^[A-Za-z]:(?=\/)/, '');
}

function targets(shell: Shell, names: readonly string[]): Removal[] {
  return names.flatMap((name) => {
    const text = slashes(name).replace(/(?<=.)\/+$/, '');
    if (!hasGlob(text) || text.includes(UNKNOWN_TEXT)) return [{ text, raw: text }];
    const pattern = text.replaceAll('*.*', '*');
    return walkGlob(shell.run.tree, text.startsWith('/') ? '/' : shell.path('.'), pattern, {
      dot: true,
      extended: false,
      globstar: false,
      globstarDot: true,
      step: () => shell.run.step(0.2),
    }).map((match) => ({ text: match, raw: text }));
  });
}

function remove(state: State, words_: readonly string[], name: string): Ok {
  const { shell } = state;
  const flags = words_.filter((word) => /^\/[a-z](?::\w*)?$/i.test(word)).map((word) => word.slice(1, 2).toLowerCase());
  const names = words_.filter((word) => !/^\/[a-z](?::\w*)?$/i.test(word));
  const recursive = flags.includes('s');
  if (name === 'rd' || name === 'rmdir') {
    return removeAll(
      shell,
      name,
      names.map((text) => ({ text: slashes(text), raw: slashes(text) })),
      {
        recursive,
        emptyDirectories: true,
        onlyDirectories: true,
        force: true,
      },
    );
  }
  // del takes files; of a directory the files in it, with /s also those below.
  for (const item of targets(shell, names)) {
    if (item.text.includes(UNKNOWN_TEXT)) {
      removeAll(shell, name, [item], { recursive, force: true });
      continue;
    }
    const { entry } = shell.find(item.text, true);
    if (entry?.kind !== 'directory') {
      if (!recursive || !hasGlob(item.raw)) removeAll(shell, name, [item], { recursive: false, force: true });
    } else if (!hasGlob(item.raw)) filesIn(shell, name, item.text, item.raw, '*', recursive, 0);
  }
  if (recursive) {
    for (const text of names.filter((word) => hasGlob(word))) {
      const path = slashes(text);
      const cut = path.lastIndexOf('/');
      filesIn(shell, name, cut < 0 ? '.' : path.slice(0, cut), path, path.slice(cut + 1).replace('*.*', '*'), true, 0);
    }
  }
  return true;
}

function filesIn(
  shell: Shell,
  tool: string,
  directory: string,
  raw: string,
  pattern: string,
  deep: boolean,
  depth: number,
): void {
  const { entry } = shell.find(directory, true);
  if (entry?.kind !== 'directory' || depth > 40 || !shell.run.step()) return;
  const hits = new Set(
    walkGlob(shell.run.tree, shell.path(directory), pattern, {
      dot: true,
      extended: false,
      globstar: false,
      globstarDot: true,
      step: () => shell.run.step(0.2),
    }),
  );
  for (const name of shell.run.tree.names(entry)) {
    const child = shell.run.tree.child(entry, name);
    if (child?.kind === 'directory') {
      if (deep && name !== 'node_modules') filesIn(shell, tool, `${directory}/${name}`, raw, pattern, true, depth + 1);
    } else if (hits.has(name))
      removeAll(shell, tool, [{ text: `${directory}/${name}`, raw }], { recursive: false, force: true });
  }
}

/** Split at `&`, `&&`, `||`, `|` outside quotes and parentheses. */
function parts(line: string): { text: string; joint: string }[] {
  const list: { text: string; joint: string }[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  let joint = '';
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === '^') at += 1;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if ((char === '&' || char === '|') && depth <= 0 && line[at - 1] !== '>') {
      const two = line[at + 1] === char;
      list.push({ text: line.slice(from, at), joint });
      joint = two ? char + char : char;
      if (two) at += 1;
      from = at + 1;
    }
  }
  list.push({ text: line.slice(from), joint });
  return list;
}

function sequence(state: State, line: string, depth: number): Ok {
  let ok: Ok = true;
  for (const { text, joint } of parts(line)) {
    if (!state.shell.run.step() || state.shell.flow !== null) return ok;
    if (joint === '&&' && ok === false) continue;
    if (joint === '||') {
      if (ok === true) continue;
      if (ok !== false) {
        state.shell.run.perhaps('it runs only if the command before it fails', () => command(state, text, depth));
        continue;
      }
    }
    ok = command(state, text, depth);
  }
  return ok;
}

function unwrap(text: string): string {
  const clean = text.trim();
  return clean.startsWith('(') && clean.endsWith(')') ? clean.slice(1, -1) : clean;
}

function command(state: State, source: string, depth: number): Ok {
  const { shell, io } = state;
  if (depth > 30) return 'unknown';
  let text = unwrap(source).replace(/^@+/, '').trim();
  if (text === '' || /^(?:rem\b|::|:)/i.test(text)) return true;
  if (text.includes('\n') || (text !== source.trim() && parts(text).length > 1)) return lines(state, text, depth + 1);
  const conditional =
    /^if\s+(?:\/i\s+)?(not\s+)?(exist\s+("[^"]*"|\S+)|errorlevel\s+\d+|defined\s+\w+|("[^"]*"|\S+?)\s*(==|equ|neq)\s*("[^"]*"|[^\s(]+))\s*(.*)$/is.exec(
      text,
    );
  if (conditional !== null) return branch(state, conditional, depth);
  const loop = /^for\s+(?:\/([a-z])\s+)?(?:"[^"]*"\s+|\S+\s+)??%%?(\w)\s+in\s*\(([^)]*)\)\s*do\s+(.*)$/is.exec(text);
  if (loop !== null) {
    const [, kind, name = '', set = '', body = ''] = loop;
    const items =
      kind === 'f' || kind === 'l'
        ? [UNKNOWN_TEXT]
        : targets(shell, words(expand(state, set))).map((item) => item.text);
    for (const item of items)
      command(state, body.replaceAll(`%%${name}`, item).replaceAll(`%${name}`, item), depth + 1);
    return true;
  }
  text = expand(state, text)
    .replace(/\d?>+\s*(?:&\d|"[^"]*"|\S+)/g, ' ')
    .trim();
  const [head = '', ...rest] = words(text.replace(/^(\w+)\//, '$1 /'));
  const name = head.toLowerCase().replace(/\.(?:exe|cmd)$/, '');
  switch (name) {
    case 'rd':
    case 'rmdir':
    case 'del':
    case 'erase':
      return remove(state, rest, name);
    case 'set': {
      const match = /^set\s+(?:\/p\s+)?"?(\w+)=([^"]*)"?$/i.exec(text);
      if (match !== null) shell.set((match[1] ?? '').toUpperCase(), match[2] ?? '');
      return true;
    }
    case 'cd':
    case 'chdir':
    case 'pushd': {
      const to = rest.filter((word) => !/^\/d$/i.test(word)).join(' ');
      if (to === '' || to.includes(UNKNOWN_TEXT)) return true;
      const found = shell.find(slashes(to), true);
      if (found.entry?.kind !== 'directory') return false;
      shell.before = shell.cwd;
      shell.cwd = found.path;
      return true;
    }
    case 'popd':
      shell.cwd = shell.before;
      return true;
    case 'exit':
    case 'goto':
      if (name === 'goto' && !/eof/i.test(rest[0] ?? '')) return true;
      shell.flow = { kind: 'exit', levels: 0, ok: true };
      return true;
    case 'echo':
    case 'echo.':
    case 'pause':
    case 'setlocal':
    case 'endlocal':
    case 'title':
    case 'color':
    case 'cls':
    case 'chcp':
    case 'xcopy':
    case 'copy':
    case 'robocopy':
    case 'choice':
      return name === 'robocopy' && rest.some((word) => /^\/(?:mir|purge)$/i.test(word))
        ? mirror(state, rest)
        : 'assumed';
    case 'md':
    case 'mkdir':
      for (const word of rest) shell.run.tree.makeDirectories(shell.path(slashes(word)), shell.run.doubt);
      return true;
    case 'move':
    case 'ren':
      return shell.run.engine.execute({
        name: 'mv',
        args: rest.filter((word) => !/^\/y$/i.test(word)).map(slashes),
        raws: rest.map(slashes),
        shell,
        io,
      });
    case 'call':
    case 'cmd':
    case 'start': {
      const inner = rest.filter((word) => !/^\/(?:c|k|b|wait|min)$/i.test(word));
      return inner.length === 0 ? true : command(state, inner.join(' '), depth + 1);
    }
    default:
      return shell.run.engine.execute({ name: slashes(head), args: rest, raws: rest, shell, io });
  }
}

function mirror(state: State, rest: readonly string[]): Ok {
  const target = rest[1];
  if (target === undefined) return 'assumed';
  state.shell.run.doubtSessions(
    'robocopy /mir removes what the source does not have',
    [state.shell.path(slashes(target))],
    'robocopy',
    state.shell.via,
  );
  return 'assumed';
}

function branch(state: State, match: RegExpExecArray, depth: number): Ok {
  const [, not, condition = '', file, left, operator, right, rest = ''] = match;
  let ok: Ok = 'unknown';
  if (file !== undefined) {
    const path = slashes(expand(state, file).replaceAll('"', '')).replace(/(?<=.)\/+$/, '');
    ok = path.includes(UNKNOWN_TEXT)
      ? 'unknown'
      : targets(state.shell, [path]).some(({ text }) => state.shell.find(text, true).entry !== null);
  } else if (operator !== undefined) {
    const [a, b] = [expand(state, left ?? ''), expand(state, right ?? '')].map((text) =>
      text.replaceAll('"', '').toLowerCase(),
    );
    ok = a?.includes(UNKNOWN_TEXT) || b?.includes(UNKNOWN_TEXT) ? 'unknown' : (a === b) === !/neq/i.test(operator);
  } else if (/^errorlevel/i.test(condition)) ok = false;
  if (not !== undefined) ok = ok === true ? false : ok === false ? true : 'unknown';
  const { body, otherwise } = splitElse(rest);
  if (ok === true) return command(state, body, depth + 1);
  if (ok === false) return otherwise === null ? true : command(state, otherwise, depth + 1);
  return state.shell.run.perhaps('it depends on a condition that is not known before it runs', () => {
    command(state, body, depth + 1);
    if (otherwise !== null) command(state, otherwise, depth + 1);
    return 'unknown' as const;
  });
}

function splitElse(text: string): { body: string; otherwise: string | null } {
  if (!text.startsWith('(')) return { body: text, otherwise: null };
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') {
      depth -= 1;
      if (depth === 0) {
        const rest = /^\s*else\s+([\s\S]*)$/i.exec(text.slice(at + 1));
        return { body: text.slice(0, at + 1), otherwise: rest?.[1] ?? null };
      }
    }
  }
  return { body: text, otherwise: null };
}

/** Lines, those in parentheses joined. */
function lines(state: State, text: string, depth: number): Ok {
  let ok: Ok = true;
  let pending = '';
  let count = 0;
  for (const line of text.replace(/\^\r?\n/g, ' ').split(/\r?\n/)) {
    count += 1;
    if (count > LINE_LIMIT || state.shell.flow !== null) break;
    if (/^\s*(?:rem\b|::)/i.test(line)) continue;
    pending = pending === '' ? line : `${pending}\n${line}`;
    const open = (pending.match(/\(/g)?.length ?? 0) - (pending.match(/\)/g)?.length ?? 0);
    if (open > 0 && /[^\w]\(|^\(/.test(pending)) continue;
    ok = sequence(state, pending, depth);
    pending = '';
  }
  if (pending.trim() !== '') ok = sequence(state, pending, depth);
  return ok;
}

/** Act a batch file (or one line of cmd.exe) out: rd, del, move, if, for, set, cd; other programs run as they would in a shell. */
export function runBatch(shell: Shell, text: string, io: Io, args: readonly string[] = []): Ok {
  const ok = lines({ shell, io: { ...io, output: io.output ?? new Output() }, args }, text.slice(0, 500_000), 0);
  shell.flow = null;
  return ok;
}
