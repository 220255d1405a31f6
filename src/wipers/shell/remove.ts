import type { AbsolutePath } from '../../model/path.ts';
import { absolutePath, isInside, parentOf, relativeTo } from '../../model/path.ts';
import { UNKNOWN_TEXT } from '../effect.ts';
import { couldBe } from '../paths.ts';
import { record } from './record.ts';
import type { Ok, Shell } from './shell.ts';
import type { Found } from './tree.ts';

export const UNKNOWN_PATH = 'the path is not known before it runs';

/** Take one entry away. Returns whether it touches a session. */
export function drop(shell: Shell, found: Found): boolean {
  const { run } = shell;
  run.tree.remove(found, run.doubt);
  return run.touch(found.path);
}

/** A path that is only partly known is removed: what it could be becomes doubtful. */
export function dropUnknown(shell: Shell, path: string, reason: string = UNKNOWN_PATH): AbsolutePath[] {
  const { run } = shell;
  const touched: AbsolutePath[] = [];
  const pattern = path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  for (const { target, profiles } of run.models.sessions) {
    const candidates = new Set<AbsolutePath>([target.path]);
    for (const profile of profiles) {
      candidates.add(profile.path);
      candidates.add(absolutePath(`${profile.path}/Default`));
    }
    for (let at = parentOf(target.path); isInside(at, run.root) && at !== run.root; at = parentOf(at))
      candidates.add(at);
    for (const candidate of candidates) {
      if (!couldBe(pattern, candidate)) continue;
      const { entry } = run.tree.find(candidate, true);
      if (entry === null) continue;
      run.tree.doubt(entry, reason);
      run.touch(candidate);
      touched.push(candidate);
    }
  }
  return touched;
}

/** Paths in a container that lead to no directory of the host, and those in a named volume. */
const IN_CONTAINER = '/\u{E0FD}container';
const IN_VOLUME = '/\u{E0FD}volume';

/** `/app/.wwebjs_auth` in a container may be the session of this package, mounted or copied there by means not seen here. */
function guessInContainer(shell: Shell, path: string, tool: string): AbsolutePath[] {
  const { root, models } = shell.run;
  const meant = models.sessions.filter(({ target }) => {
    const relative = relativeTo(target.path, root);
    return relative !== null && relative !== '' && `${path}/`.endsWith(`/${relative}/`);
  });
  const paths = meant.map(({ target }) => target.path);
  if (paths.length > 0) {
    shell.run.doubtSessions('it deletes the directory of that name inside a container', paths, tool, shell.via);
  }
  return [];
}

export interface Removal {
  readonly text: string;
  readonly raw: string;
}

/**
 * Remove what the arguments name, as a tool does that works on literal paths.
 * @returns for each argument whether it went, and records one effect
 */
export function removeAll(
  shell: Shell,
  tool: string,
  items: readonly Removal[],
  rule: {
    /** Directories go with everything in them. */
    readonly recursive: boolean;
    /** Empty directories go too (`rm -d`, `rmdir`). */
    readonly emptyDirectories?: boolean;
    readonly onlyDirectories?: boolean;
    /** A missing file is no failure. */
    readonly force: boolean;
    /** `.`, `..` and `/` are refused. */
    readonly refusesDots?: boolean;
  },
): Ok {
  let ok: Ok = true;
  const patterns: string[] = [];
  const touched: AbsolutePath[] = [];
  let doubtful: string | null = null;
  for (const { text, raw } of items) {
    const path = shell.path(text);
    if (path.includes(UNKNOWN_TEXT)) {
      patterns.push(shell.shown(raw));
      const hit = dropUnknown(shell, path);
      touched.push(...hit);
      if (hit.length > 0) doubtful = UNKNOWN_PATH;
      continue;
    }
    if (text === '') {
      if (!rule.force) ok = false;
      continue;
    }
    if (path.startsWith(IN_CONTAINER) || path.startsWith(IN_VOLUME)) {
      patterns.push(raw);
      if (path.startsWith(IN_VOLUME)) shell.run.volumes = true;
      else touched.push(...guessInContainer(shell, path.slice(IN_CONTAINER.length), tool));
      continue;
    }
    const bare = text.replace(/\/+$/, '');
    const found = shell.find(text);
    // What is not there is not refused either.
    if (rule.refusesDots === true && (bare === '' || /(?:^|\/)\.\.?$/.test(bare)) && found.entry !== null) {
      ok = false;
      continue;
    }
    patterns.push(shell.shown(raw));
    if (found.entry === null) {
      if (!rule.force) ok = false;
      continue;
    }
    const { kind } = found.entry;
    if (kind === 'directory' && !rule.recursive) {
      const empty = shell.run.tree.names(found.entry).length === 0;
      if (rule.emptyDirectories !== true || !empty) {
        ok = false;
        continue;
      }
    } else if (kind !== 'directory' && rule.onlyDirectories === true) {
      ok = false;
      continue;
    }
    if (drop(shell, found)) touched.push(found.path);
    if (found.doubt !== null && !rule.force && ok === true) ok = 'unknown';
  }
  if (patterns.length > 0) {
    record(shell, { kind: 'delete', tool, patterns, touched, recursive: rule.recursive, reason: doubtful });
  }
  return ok;
}
