/** YAML with limits: size, aliases, depth. Plain values only; no tag makes anything run. */

/** The alias limit of the yaml package's own default; a bomb needs more. */
const ALIAS_LIMIT = 100;
const DEPTH_LIMIT = 100;
const DOCUMENT_LIMIT = 500;

export interface YamlDocument {
  readonly value: unknown;
  /** Line (from 1) of the value at a path of keys, or `null`. */
  lineOf(path: readonly (string | number)[]): number | null;
}

export type YamlResult =
  | { readonly ok: true; readonly documents: readonly YamlDocument[] }
  | { readonly ok: false; readonly reason: string };

/** Brackets and indentation of the deepest line: a cheap upper bound that refuses what would only exhaust the stack. */
function tooDeep(text: string): boolean {
  let flow = 0;
  let column = 0;
  let indent = true;
  let dashes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) {
      column = 0;
      indent = true;
      dashes = 0;
      continue;
    }
    if (code === 0x5b || code === 0x7b) flow += 1;
    else if (code === 0x5d || code === 0x7d) flow = Math.max(0, flow - 1);
    if (flow > DEPTH_LIMIT * 2) return true;
    if (indent) {
      if (code === 0x2d && text.charCodeAt(at + 1) === 0x20) dashes += 1;
      else if (code !== 0x20) indent = false;
      column += 1;
      if (dashes > DEPTH_LIMIT) return true;
    }
  }
  return column > 1e9;
}

/**
 * Parse a file of one or more YAML documents.
 *
 * @param limit characters; longer text is refused
 */
export async function parseYaml(text: string, limit: number): Promise<YamlResult> {
  if (text.length > limit)
    return { ok: false, reason: `it is larger than ${Math.round(limit / 1024)} KiB and was not read` };
  if (text.includes('\0')) return { ok: false, reason: 'it holds NUL bytes and is not YAML' };
  if (tooDeep(text)) return { ok: false, reason: 'it is nested too deeply and was not read' };
  const { LineCounter, parseAllDocuments, isNode } = await import('yaml');
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      merge: true,
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
    });
    if (!Array.isArray(parsed)) return { ok: true, documents: [] };
    const documents: YamlDocument[] = [];
    for (const document of parsed.slice(0, DOCUMENT_LIMIT)) {
      const [error] = document.errors;
      if (error !== undefined) return { ok: false, reason: `it is not valid YAML: ${error.message.slice(0, 120)}` };
      const value: unknown = document.toJS({ maxAliasCount: ALIAS_LIMIT });
      documents.push({
        value,
        lineOf(path) {
          const node: unknown = document.getIn(path, true);
          return isNode(node) && node.range != null ? lines.linePos(node.range[0]).line : null;
        },
      });
    }
    return { ok: true, documents };
  } catch (error) {
    const text_ =
      error instanceof RangeError ? 'it is nested too deeply' : error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `it was not read: ${text_.slice(0, 160)}` };
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** A mapping, or `null`. */
export function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** A sequence; anything else is an empty one. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A scalar as text, or `null`. */
export function scalar(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : null;
}

/** A whole number, also when written as text; `null` otherwise. */
export function whole(value: unknown): number | null {
  const text = scalar(value);
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
