import type { ImageHandling } from '../model/facts.ts';
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath, relativeTo } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import type { SessionTarget } from './effect.ts';
import { matchesName } from './paths.ts';
import type { FoundCommand } from './workflows/commands.ts';

const FILE_LIMIT = 256 * 1024;
const RULE_LIMIT = 2_000;

/** One rule of a `.dockerignore`: from the root of the context, `**` for any directories, `!` takes back, the last match counts. */
interface Rule {
  readonly parts: readonly string[];
  readonly negative: boolean;
  readonly text: string;
  readonly line: number;
}

function rulesOf(text: string): Rule[] {
  const rules: Rule[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (rules.length >= RULE_LIMIT || raw.startsWith('#')) continue;
    let line = raw.trim();
    const negative = line.startsWith('!');
    if (negative) line = line.slice(1).trim();
    const parts = line.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.length > 0) rules.push({ parts, negative, text: raw.trim(), line: index + 1 });
  }
  return rules;
}

function matchesParts(rule: readonly string[], path: readonly string[], depth = 0): boolean {
  const [head, ...rest] = rule;
  if (head === undefined) return path.length === 0;
  if (head === '**' && depth < 64) {
    return (
      path.some((_, index) => matchesParts(rest, path.slice(index), depth + 1)) || matchesParts(rest, [], depth + 1)
    );
  }
  const [first, ...others] = path;
  return (
    first !== undefined &&
    matchesName(head, first, { dot: true, extended: false }) &&
    matchesParts(rest, others, depth + 1)
  );
}

/** The rule that keeps a path (or a directory above it) out of the build context, or `null` (moby/patternmatcher, `MatchesOrParentMatches`). */
export function dockerIgnored(text: string, path: string): { readonly line: number; readonly text: string } | null {
  const parts = path.split('/').filter((part) => part !== '');
  let found: Rule | null = null;
  for (const rule of rulesOf(text)) {
    const matched = parts.some((_, index) => matchesParts(rule.parts, parts.slice(0, index + 1)));
    if (matched) found = rule.negative ? null : rule;
  }
  return found === null ? null : { line: found.line, text: found.text };
}

/** For each image that a launch builds from this tree: would the session go into its build context, and into the image? */
export function imageHandling(
  reader: Reader,
  project: AbsolutePath,
  launches: readonly Launch[],
  targets: readonly SessionTarget[],
): ImageHandling[] {
  const made = new Map<string, ImageHandling>();
  for (const { image, line } of launches) {
    if (image === undefined || image.dockerfile === null) continue;
    const key = `${image.dockerfile}\0${image.context}`;
    if (made.has(key)) continue;
    const context = image.context ?? '';
    const ignore =
      image.ignoreFile === null ? null : reader.text(absolutePath(`${project}/${image.ignoreFile}`), FILE_LIMIT);
    const base = absolutePath(`${project}/${context}`);
    made.set(key, {
      dockerfile: image.dockerfile,
      line,
      context,
      ignoreFile: image.ignoreFile,
      sessions: targets.map(({ name, path }) => {
        const inside = relativeTo(path, base);
        if (inside === null) return { path: name, inContext: false, ignoredBy: null, copied: false };
        const rule = ignore?.ok === true ? dockerIgnored(ignore.value, inside) : null;
        const relative = relativeTo(path, project) ?? '';
        const covering = image.copies.some(
          ({ from }) =>
            from === '' || relative === from || relative.startsWith(`${from}/`) || from.startsWith(`${relative}/`),
        );
        return {
          path: name,
          inContext: rule === null,
          ignoredBy: rule === null ? null : `${image.ignoreFile}:${rule.line} ${rule.text}`,
          copied: rule === null && covering,
        };
      }),
    });
  }
  return [...made.values()];
}

/** The RUN lines of a Dockerfile, and the script files that its image starts with. Continued lines are joined. */
export function dockerfileCommands(file: string, text: string): { runs: FoundCommand[]; starts: string[] } {
  const runs: FoundCommand[] = [];
  const starts: string[] = [];
  const lines = text.slice(0, FILE_LIMIT).split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    let whole = lines[index] ?? '';
    while (whole.trimEnd().endsWith('\\') && index + 1 < lines.length) {
      index += 1;
      const next = lines[index] ?? '';
      if (!next.trimStart().startsWith('#')) whole = `${whole.trimEnd().slice(0, -1)} ${next}`;
    }
    const match = /^\s*(RUN|CMD|ENTRYPOINT)\s+(.*)$/is.exec(whole);
    const [, word = '', rest = ''] = match ?? [];
    if (word.toUpperCase() === 'RUN') {
      const command = rest.replace(/^(?:--\S+\s+)+/, '');
      runs.push({
        file,
        line,
        name: `RUN, line ${line}`,
        command: execForm(command) ?? command,
        automatic: 'build',
        language: 'shell',
        directory: '',
        machine: 'fresh',
      });
    } else if (match !== null) {
      for (const [script] of rest.matchAll(/[\w./-]{1,200}\.(?:sh|bash)\b/g)) starts.push(script);
    }
  }
  return { runs, starts };
}

/** `["rm", "-rf", "x"]` as a command line. */
function execForm(text: string): string | null {
  if (!text.trimStart().startsWith('[')) return null;
  try {
    const words: unknown = JSON.parse(text);
    if (!Array.isArray(words)) return null;
    return words.map((word) => `'${String(word).replaceAll("'", `'\\''`)}'`).join(' ');
  } catch {
    return null;
  }
}
