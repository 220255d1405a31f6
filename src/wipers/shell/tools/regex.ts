/**
 * A regular expression of grep, sed or find as a JavaScript one, or `null` where it could run long or means something else here.
 * Groups with quantifiers and more than three open quantifiers are refused: what is left is polynomial on the short lines we have.
 */
export function safeRegex(
  pattern: string,
  options: {
    readonly fixed?: boolean;
    readonly extended?: boolean;
    readonly ignoreCase?: boolean;
    readonly word?: boolean;
    readonly line?: boolean;
    readonly global?: boolean;
  },
): RegExp | null {
  if (pattern.length > 500) return null;
  let source = '';
  if (options.fixed === true)
    source = pattern
      .split('\n')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('|');
  else if (options.extended === true) source = pattern;
  else {
    // Basic expressions: ( ) { } + ? | are plain, and special with a backslash.
    source = pattern.replace(
      /\\([(){}+?|])|([(){}+?|])/g,
      (_, special?: string, plain?: string) => special ?? `\\${plain ?? ''}`,
    );
    source = source.replace(/^\*/, '\\*');
  }
  if (/\)[*+{]/.test(source) || (source.match(/[*+]|\{\d*,/g)?.length ?? 0) > 3 || /\\\d|\(\?/.test(source))
    return null;
  source = source
    .replaceAll('[[:space:]]', '\\s')
    .replaceAll('[[:digit:]]', '\\d')
    .replaceAll('[[:alnum:]]', '[A-Za-z0-9]')
    .replaceAll('[[:alpha:]]', '[A-Za-z]');
  if (source.includes('[:')) return null;
  if (options.word === true) source = `\\b(?:${source})\\b`;
  if (options.line === true) source = `^(?:${source})$`;
  try {
    return new RegExp(source, `${options.ignoreCase === true ? 'i' : ''}${options.global === true ? 'g' : ''}`);
  } catch {
    return null;
  }
}
