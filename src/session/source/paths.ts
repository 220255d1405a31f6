import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import type { Reader } from '../../model/reader.ts';
import { entriesOf, isRecord } from './manifest.ts';

/** A prefix (or a whole name) that TypeScript or a module-alias list maps to files. */
export interface Alias {
  /** Directory (relative to the project) whose files it applies to. */
  readonly scope: string;
  /** Text before the `*`, or the whole name. */
  readonly prefix: string;
  /** Text behind the `*`. */
  readonly suffix: string;
  readonly wildcard: boolean;
  /** Candidates relative to the project, with `*` where the matched text goes. */
  readonly targets: readonly string[];
}

const CONFIG_LIMIT = 256 * 1024;
const EXTENDS_LIMIT = 8;

/** Join relative paths by text; `null` when it climbs out of the project. */
export function joinRelative(base: string, path: string): string | null {
  const parts = base === '' ? [] : base.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.length === 0) return null;
      parts.pop();
    } else parts.push(part);
  }
  return parts.join('/');
}

/** JSON with comments and trailing commas, as tsconfig.json allows. One pass; throws what `JSON.parse` throws. */
export function parseJsonc(text: string): unknown {
  let plain = '';
  /** Where the last comma outside of strings lies in `plain`, while only white space follows it. */
  let comma = -1;
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') {
      const start = at;
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
      plain += text.slice(start, at + 1);
      comma = -1;
      continue;
    }
    if (character === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end - 1;
      continue;
    }
    if (character === '/' && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2);
      at = end === -1 ? text.length : end + 1;
      continue;
    }
    if ((character === '}' || character === ']') && comma !== -1) {
      plain = `${plain.slice(0, comma)} ${plain.slice(comma + 1)}`;
    }
    if (character === ',') comma = plain.length;
    else if (character.trim() !== '') comma = -1;
    plain += character;
  }
  return JSON.parse(plain);
}

/** The path aliases of one tsconfig.json or jsconfig.json, `extends` followed inside the project. Unreadable ones give none. */
export function typescriptAliases(reader: Reader, root: AbsolutePath, directory: string): Alias[] {
  let file: string | null = null;
  for (const name of ['tsconfig.json', 'jsconfig.json']) {
    const candidate = directory === '' ? name : `${directory}/${name}`;
    if (reader.status(absolutePath(`${root}/${candidate}`)).ok) {
      file = candidate;
      break;
    }
  }
  for (let depth = 0; file !== null && depth < EXTENDS_LIMIT; depth++) {
    const read = reader.text(absolutePath(`${root}/${file}`), CONFIG_LIMIT);
    if (!read.ok) return [];
    let json: unknown;
    try {
      json = parseJsonc(read.value);
    } catch {
      return [];
    }
    if (!isRecord(json)) return [];
    const here = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
    const options = isRecord(json['compilerOptions']) ? json['compilerOptions'] : {};
    const base = typeof options['baseUrl'] === 'string' ? joinRelative(here, options['baseUrl']) : null;
    const paths = entriesOf(options['paths']);
    if (paths.length > 0 || base !== null) {
      const aliases = paths.flatMap(([pattern, targets]) => makeAlias(directory, pattern, targets, base ?? here));
      if (base !== null) {
        aliases.push({
          scope: directory,
          prefix: '',
          suffix: '',
          wildcard: true,
          targets: [base === '' ? '*' : `${base}/*`],
        });
      }
      return aliases;
    }
    const parent: unknown = Array.isArray(json['extends']) ? json['extends'].at(-1) : json['extends'];
    if (typeof parent !== 'string' || !parent.startsWith('.')) return [];
    file = joinRelative(here, parent.endsWith('.json') ? parent : `${parent}.json`);
  }
  return [];
}

/** An alias as TypeScript writes it: `@/*` → `['./src/*']`. */
export function makeAlias(scope: string, pattern: string, targets: unknown, base: string): Alias[] {
  const list = (Array.isArray(targets) ? targets : [targets]).filter((target) => typeof target === 'string');
  const star = pattern.indexOf('*');
  const resolved = list.flatMap((target) => joinRelative(base, target) ?? []);
  if (resolved.length === 0) return [];
  return [
    {
      scope,
      prefix: star === -1 ? pattern : pattern.slice(0, star),
      suffix: star === -1 ? '' : pattern.slice(star + 1),
      wildcard: star !== -1,
      targets: resolved,
    },
  ];
}

/** What an alias makes of a specifier: candidates relative to the project. */
export function applyAlias({ prefix, suffix, wildcard, targets }: Alias, specifier: string): string[] {
  if (!wildcard) return specifier === prefix ? [...targets] : [];
  if (!specifier.startsWith(prefix) || !specifier.endsWith(suffix)) return [];
  if (specifier.length < prefix.length + suffix.length) return [];
  const middle = specifier.slice(prefix.length, specifier.length - suffix.length);
  return targets.map((target) => target.replace('*', () => middle));
}
