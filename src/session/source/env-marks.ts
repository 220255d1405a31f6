const NAME = Buffer.from('process.env');
const isSpace = (code: number | undefined): boolean => code === 32 || code === 9 || code === 10 || code === 13;
const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 36;

const EQUALS = 61;
const LONGEST_NAME = 100;

/** Does a source text give a variable of the environment a value (`process.env.X = …`, `||=`, `??=`)? Linear, without parsing it. */
export function setsEnvironment(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(NAME); at !== -1; at = bytes.indexOf(NAME, at)) {
    at += NAME.length;
    const end = Math.min(bytes.length, at + LONGEST_NAME);
    // `.X`, `['X']`, `["X"]`
    while (at < end && (isWord(bytes[at] ?? 0) || '.[]\'"'.includes(String.fromCharCode(bytes[at] ?? 0)))) at++;
    while (isSpace(bytes[at])) at++;
    const [first, second, third] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    if (first === EQUALS && second !== EQUALS && second !== 62) return true;
    const doubled = first === second && (first === 124 || first === 63);
    if (doubled && third === EQUALS) return true;
  }
  return false;
}
