/** Plain text layout for terminals: wrapping, tables, and nothing that could steer the terminal. */

/** The colours that reporters use; the command line supplies them (chalk) or the identity. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

export const PLAIN: Style = {
  bold: (text) => text,
  dim: (text) => text,
  red: (text) => text,
  yellow: (text) => text,
  green: (text) => text,
  cyan: (text) => text,
};

/** How and how wide to print. */
export interface Page {
  readonly style: Style;
  /** Columns; at least 40. */
  readonly width: number;
}

/**
 * What can steer a terminal or hide in a text, as the inside of a character class: C1 controls and DEL, line and paragraph separators,
 * marks that reorder text (Trojan Source, CVE-2021-42574), characters without width, invisible tags.
 */
export const STEERING =
  '\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}';

/** These, C0 controls, and halves of surrogate pairs. */
const UNSAFE = new RegExp(`[\\u0000-\\u001f\\p{Surrogate}${STEERING}]`, 'gu');

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };

/** The text with every such character spelled out (`\x1b`, `\u202e`), so that no file name or script can steer the terminal. */
export function visible(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const short = SHORT[character];
    if (short !== undefined) return short;
    const code = character.codePointAt(0) ?? 0;
    if (code < 256) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The same for a text of several lines: its line feeds stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** Columns that a text takes; code points, which is right for everything that paths and code usually hold. */
export function columnsOf(text: string): number {
  return [...text].length;
}

/** Break at spaces to at most `width` columns; a longer word (a path) stands alone and whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** Wrapped lines behind a first prefix; later lines are indented as deep. */
export function paragraph(prefix: string, text: string, width: number): string[] {
  const indent = ' '.repeat(columnsOf(prefix));
  const room = Math.max(20, width - columnsOf(prefix));
  return wrap(visible(text), room).map((line, index) => (index === 0 ? prefix : indent) + line);
}

export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/**
 * A table without lines: columns padded, two spaces between, the last column wrapped into what is left of the width.
 * Cells are made visible here.
 */
export function table(rows: readonly (readonly Cell[])[], width: number, indent = 2): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.map((row) => columnsOf(visible(row[column]?.text ?? '')))),
  );
  const lines: string[] = [];
  for (const row of rows) {
    let line = ' '.repeat(indent);
    let used = indent;
    const overflow: string[] = [];
    row.forEach((cell, column) => {
      const paint = cell.paint ?? ((text: string) => text);
      const text = visible(cell.text);
      if (column < row.length - 1) {
        line += `${paint(text)}${' '.repeat((widths[column] ?? 0) - columnsOf(text))}  `;
        used += (widths[column] ?? 0) + 2;
        return;
      }
      const [first = '', ...more] = wrap(text, Math.max(24, width - used));
      line += paint(first);
      overflow.push(...more.map((part) => ' '.repeat(used) + paint(part)));
    });
    lines.push(line.trimEnd(), ...overflow);
  }
  return lines;
}

/** `yes`, `no` or `?`, in the colour that fits a question whose good answer is yes. */
export function answerCell(answer: boolean | 'unknown', style: Style): Cell {
  if (answer === 'unknown') return { text: '?', paint: style.yellow };
  return answer ? { text: 'yes', paint: style.green } : { text: 'no', paint: style.red };
}
