import type { Program } from 'oxc-parser';
import { findDeepNesting, NESTING_LIMIT } from './nesting.ts';

/** Parses one source text; never throws. */
export type ParseSource = (
  file: string,
  text: string,
) =>
  | { readonly ok: true; readonly program: Program }
  /** `reason` reads after "it was skipped:". */
  | { readonly ok: false; readonly reason: string };

/** A hand-written source file is smaller; larger ones are bundles, and one of 5 MB takes the parser 400 MiB. */
export const SOURCE_LIMIT = 1024 * 1024;

type Lang = 'js' | 'jsx' | 'ts' | 'tsx';
type Kind = 'script' | 'module' | 'commonjs' | 'unambiguous';

/** How a file is read by its ending, and what else is tried when that does not parse. */
const BY_ENDING: Readonly<Record<string, readonly (readonly [Lang, Kind])[]>> = {
  js: [
    ['jsx', 'unambiguous'],
    ['jsx', 'commonjs'],
    ['ts', 'unambiguous'],
  ],
  jsx: [['jsx', 'module']],
  mjs: [['jsx', 'module']],
  cjs: [['jsx', 'commonjs']],
  ts: [
    ['ts', 'module'],
    ['ts', 'commonjs'],
  ],
  mts: [['ts', 'module']],
  cts: [['ts', 'commonjs']],
  tsx: [['tsx', 'module']],
};

/** The ending of a source file's name, or `null` for other files (declarations and minified bundles too). */
export function sourceEnding(file: string): string | null {
  if (/\.d\.[cm]?ts$|[.-]min\.[cm]?js$|\.bundle\.js$/.test(file)) return null;
  const ending = file.slice(file.lastIndexOf('.') + 1);
  return Object.hasOwn(BY_ENDING, ending) ? ending : null;
}

/**
 * The parser, or the reason why there is none (no native binding for this platform: `npm install --omit=optional`, an odd CPU).
 */
export async function loadParser(): Promise<{ ok: true; parse: ParseSource } | { ok: false; reason: string }> {
  let parseSync: typeof import('oxc-parser').parseSync;
  try {
    ({ parseSync } = await import('oxc-parser'));
  } catch (error) {
    const first = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    return { ok: false, reason: `the source parser (oxc-parser) cannot be loaded here: ${first.slice(0, 200)}` };
  }
  const parse: ParseSource = (file, text) => {
    if (text.length > SOURCE_LIMIT) {
      return { ok: false, reason: `it holds ${text.length} characters, more than the limit of ${SOURCE_LIMIT}` };
    }
    const deep = findDeepNesting(text);
    if (deep !== null) return { ok: false, reason: `it nests deeper than ${NESTING_LIMIT} levels` };
    let reason = 'it is not a source file';
    for (const [index, [lang, sourceType]] of (BY_ENDING[sourceEnding(file) ?? ''] ?? []).entries()) {
      try {
        const result = parseSync(file, text, { lang, sourceType, preserveParens: false, astType: 'ts' });
        const error = result.errors.find(({ severity }) => String(severity) === 'Error');
        if (error === undefined) return { ok: true, program: result.program };
        if (index === 0) {
          const offset = error.labels[0]?.start;
          const line = offset === undefined ? '' : `line ${text.slice(0, offset).split('\n').length}: `;
          reason = `it does not parse (${line}${error.message.slice(0, 200)})`;
        }
      } catch (error) {
        reason = `the parser failed (${(error instanceof Error ? error.message : String(error)).slice(0, 200)})`;
      }
    }
    return { ok: false, reason };
  };
  return { ok: true, parse };
}
