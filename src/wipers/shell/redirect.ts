import type { Redirection, Word, WordPart } from 'unbash';
import { UNKNOWN_TEXT } from '../effect.ts';
import { record } from './record.ts';
import { Input, type Io, type Ok, Output, type Shell } from './shell.ts';
import { Entry } from './tree.ts';

interface Helpers {
  text(word: Word | undefined): string;
  parts(parts: readonly WordPart[]): string;
  action(io: Io): Ok;
}

/** Act redirections out, then the command. A redirection that fails keeps the command from running. */
export function redirect(shell: Shell, redirects: readonly Redirection[], io: Io, helpers: Helpers): Ok {
  let { input, output } = io;
  let written: Entry | null = null;
  let background = false;
  for (const item of redirects) {
    const descriptor = item.descriptor?.type === 'FileDescriptor' ? item.descriptor.value : null;
    if (item.type === 'HereDoc') {
      const { body, delimiter } = item;
      input = new Input(delimiter?.quoted === true || body.parts === undefined ? body.text : helpers.parts(body.parts));
      continue;
    }
    const target = helpers.text(item.target);
    if (item.type === 'HereString') {
      input = new Input(`${target}\n`);
      continue;
    }
    if (item.operator === '>&' || item.operator === '<&') {
      if (/^(?:\d+|-)$/.test(target)) {
        if (item.operator === '>&' && target !== '1' && (descriptor ?? 1) === 1) output = null;
        continue;
      }
    }
    if (item.operator === '<') {
      const found = openInput(shell, target);
      if (found === null) return false;
      if ((descriptor ?? 0) === 0) input = found;
      continue;
    }
    // dash reads `cmd &> file` as `cmd & > file`.
    if (item.operator.startsWith('&>') && shell.flavour === 'dash') background = true;
    const entry = openOutput(shell, target, item.operator.endsWith('>>'), item.operator === '<>');
    if (entry === false) return false;
    const standard = (descriptor ?? 1) === 1 && item.operator !== '<>';
    if (standard) {
      output = new Output();
      written = entry;
    }
  }
  const ok = helpers.action({ input, output });
  if (written !== null && output !== null && output !== io.output) {
    shell.run.tree.write(written, (written.text ?? '') + output.text);
  }
  return background ? true : ok;
}

function openInput(shell: Shell, target: string): Input | null {
  if (target === '/dev/null') return new Input('');
  if (target === '' || target.includes(UNKNOWN_TEXT) || target.startsWith('/dev/')) return new Input(UNKNOWN_TEXT);
  const { entry, doubt } = shell.find(target, true);
  if (entry === null) return null;
  const text = doubt === null ? shell.run.tree.text(shell.path(target)) : null;
  return new Input(text ?? UNKNOWN_TEXT);
}

/** `false`: cannot be opened; `null`: opened, nothing to remember. */
function openOutput(shell: Shell, target: string, append: boolean, keep: boolean): Entry | null | false {
  if (target === '') return false;
  if (target.startsWith('/dev/') || target.includes(UNKNOWN_TEXT) || shell.cwd.includes(UNKNOWN_TEXT)) return null;
  const { run } = shell;
  const found = shell.find(target, true);
  if (found.entry === null) {
    if (found.parent === null || target.endsWith('/')) return false;
    const made = new Entry('file', null);
    made.text = '';
    run.tree.place(found.parent, found.name, made, run.doubt);
    return made;
  }
  if (found.entry.kind === 'directory') return false;
  if (keep) return null;
  const before = append ? run.tree.text(found.path) : null;
  run.tree.spoil(found.entry, run.doubt);
  if (run.touch(found.path)) {
    record(shell, { kind: 'empty', tool: append ? '>>' : '>', patterns: [shell.shown(target)], touched: [found.path] });
  }
  if (run.doubt === null) run.tree.write(found.entry, append ? (before ?? UNKNOWN_TEXT) : '');
  return found.entry;
}
