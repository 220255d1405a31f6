/** A command line split into words the way engines and supervisors do it: quotes and backslashes, nothing is expanded. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let open = false;
  let quote: string | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote !== null) {
      if (char === quote) quote = null;
      else if (char === '\\' && quote === '"' && /["\\$`]/.test(text[at + 1] ?? '')) {
        at += 1;
        word += text[at] ?? '';
      } else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      open = true;
    } else if (char === '\\' && at + 1 < text.length) {
      at += 1;
      if (text[at] !== '\n') {
        word += text[at] ?? '';
        open = true;
      }
    } else if (/\s/.test(char)) {
      if (open || word !== '') words.push(word);
      word = '';
      open = false;
    } else {
      word += char;
    }
  }
  if (open || word !== '') words.push(word);
  return words;
}
