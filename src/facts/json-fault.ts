export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** V8 names the place as "position 23" (all versions) and says nothing of it at the end of the text. */
const POSITION = /at position (\d+)/;

/**
 * Where and why a text is not JSON, or `null` when it is. A byte order mark at the start is accepted, as npm does.
 * Lines and columns count from 1.
 */
export function jsonFault(text: string): JsonFault | null {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    JSON.parse(body);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const found = POSITION.exec(message);
    const before = body.slice(0, found?.[1] === undefined ? body.length : Number(found[1]));
    const line = before.split('\n').length;
    // The message quotes the text around the fault: that may be a secret, and is of no use beside the place.
    const reason = message
      .replace(/,? ?"[\s\S]*$/, '')
      .replace(/ in JSON at position.*$/s, '')
      .trim();
    return {
      line,
      column: before.length - before.lastIndexOf('\n'),
      reason: reason === '' ? 'unexpected text' : reason,
    };
  }
}
