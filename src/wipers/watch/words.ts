/** Split a command line into simple commands of words, quotes removed. Nothing is expanded: enough to read the flags of one program. */
export function simpleCommands(text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | null = null;
  let quote = '';
  const endWord = (): void => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < text.length && commands.length < 2_000; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && at + 1 < text.length) {
        at += 1;
        word = (word ?? '') + text.charAt(at);
      } else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\' && at + 1 < text.length) {
      at += 1;
      if (text.charAt(at) !== '\n') word = (word ?? '') + text.charAt(at);
    } else if (char === '#' && word === null) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end - 1;
    } else if (char === '\n' || char === ';' || char === '&' || char === '|' || char === '(' || char === ')')
      endCommand();
    else if (char === ' ' || char === '\t' || char === '\r') endWord();
    else word = (word ?? '') + char;
  }
  endCommand();
  return commands;
}

/** The values of an option: `--name value`, `--name=value`, `-n value`. */
export function valuesOf(words: readonly string[], names: readonly string[]): string[] {
  const found: string[] = [];
  for (const [index, word] of words.entries()) {
    for (const name of names) {
      if (word === name) {
        const next = words[index + 1];
        if (next !== undefined && !next.startsWith('-')) found.push(next);
      } else if (word.startsWith(`${name}=`)) found.push(word.slice(name.length + 1));
    }
  }
  return found;
}

/** Program name of a word: `./node_modules/.bin/nodemon` → `nodemon`. */
export function programOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}
