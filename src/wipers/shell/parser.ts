import type { ParsedScript, SyntaxNode, Word } from 'unbash';

/** Longest text that is parsed; a shell command of a project is a few KiB, a script a few hundred. */
export const SOURCE_LIMIT = 1_000_000;

/** The parser once it is loaded. */
export interface ShellParser {
  /** Never throws; `null` when the text is too long or defeats the parser. */
  readonly script: (text: string) => ParsedScript | null;
  /** One word, as an argument. */
  readonly word: (text: string) => Word | null;
  /** Position of the first thing that dash does not accept, or `null`. */
  readonly refusedByDash: (script: ParsedScript, text: string) => number | null;
}

/** Texts that are kept parsed: those of one loop or chain of scripts; more would only grow old in memory. */
const CACHE_LIMIT = 100;

/** A text without any of these holds no syntax that `isBashSyntax` looks for. */
const BASH_MARKS = /\(|<<<|\|&|function|select|coproc/;

/** Syntax of bash at which dash stops with a syntax error. */
function isBashSyntax(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'ArrayValue':
    case 'HereString':
    case 'ExtendedGlob':
    case 'ProcessSubstitution':
    case 'ArithmeticFor':
    case 'Coproc':
    case 'Select':
      return true;
    case 'Function':
      // `function f { … }`: the name does not stand first.
      return node.name.pos - node.pos >= 'function '.length;
    case 'Pipeline':
      return node.operators.includes('|&');
    default:
      return false;
  }
}

/** Load the parser; a few milliseconds, once. */
export async function loadShellParser(): Promise<ShellParser> {
  const { parse, forEachChild } = await import('unbash');
  const cache = new Map<string, ParsedScript | null>();
  const script = (text: string): ParsedScript | null => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    let made: ParsedScript | null = null;
    if (text.length <= SOURCE_LIMIT) {
      try {
        made = parse(text);
      } catch {
        made = null;
      }
    }
    if (cache.size >= CACHE_LIMIT) cache.clear();
    if (text.length < 100_000) cache.set(text, made);
    return made;
  };
  const word = (text: string): Word | null => {
    const command = script(`: ${text}`)?.commands[0]?.command;
    if (command?.type !== 'Command') return null;
    const [argument] = command.args;
    return argument?.type === 'Word' ? argument : null;
  };
  const refusedByDash = (parsed: ParsedScript, text: string): number | null => {
    if (!BASH_MARKS.test(text)) return null;
    let first: number | null = null;
    let budget = 50_000;
    const queue: SyntaxNode[] = [...parsed.commands];
    for (let node = queue.pop(); node !== undefined && budget > 0; node = queue.pop()) {
      budget -= 1;
      if (isBashSyntax(node) && (first === null || node.pos < first)) first = node.pos;
      if (node.type !== 'CommandExpansion') forEachChild(node, (child) => queue.push(child));
    }
    return first;
  };
  return { script, word, refusedByDash };
}
