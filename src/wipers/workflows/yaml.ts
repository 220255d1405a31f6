import type { Document, Node } from 'yaml';

/** A YAML value with the line that it stands on. */
export interface Located {
  readonly value: unknown;
  readonly line: number;
}

const TEXT_LIMIT = 1024 * 1024;

/** A parsed YAML file whose parts can be asked for their lines. */
export interface YamlFile {
  /** Plain data; `undefined` where the file does not parse. */
  readonly data: unknown;
  /** Line (from 1) of the value at a path of keys; the nearest parent's where it has none. */
  lineOf(path: readonly (string | number)[]): number;
}

/** Parse YAML without ever throwing; aliases are limited, so that no "billion laughs" grows. */
export async function parseYaml(text: string): Promise<YamlFile | null> {
  if (text.length > TEXT_LIMIT) return null;
  const { LineCounter, parseDocument, isNode } = await import('yaml');
  const counter = new LineCounter();
  let document: Document;
  let data: unknown;
  try {
    document = parseDocument(text, { lineCounter: counter, logLevel: 'silent', uniqueKeys: false });
    data = document.toJS({ maxAliasCount: 100 });
  } catch {
    return null;
  }
  return {
    data,
    lineOf(path) {
      for (let length = path.length; length >= 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true) as Node | undefined;
        const offset = isNode(node) ? node.range?.[0] : undefined;
        if (offset !== undefined) return counter.linePos(offset).line;
      }
      return 1;
    },
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}
