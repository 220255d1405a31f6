/** What stands before the specifier of an import. `import` alone (for its effects) calls nothing. */
const STARTS = ['from', 'require(', 'import('].map((text) => Buffer.from(text));
/** Longer specifiers are not paths. */
const SPECIFIER_LIMIT = 300;
/** A file that imports more is generated. */
const TAILS_LIMIT = 2000;

const SPACE = 32;
const isQuote = (code: number | undefined): boolean => code === 34 || code === 39 || code === 96;

/** The last component of a name or path: `cfg` of `@x/cfg`. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function withoutEnding(name: string): string {
  return name.replace(/\.(?:[cm]?[jt]sx?|json)$/, '');
}

/** The last components by which importers may write a file's name. */
export function tailsOf(file: string): string[] {
  const name = withoutEnding(lastPart(file));
  if (name !== 'index') return [name];
  const directory = file.includes('/') ? lastPart(file.slice(0, file.lastIndexOf('/'))) : null;
  return ['index', '.', '..', '', ...(directory === null ? [] : [directory])];
}

/** The last components of everything that a source text imports, without parsing it. Linear in its length. */
export function importTails(bytes: Buffer): Set<string> {
  const tails = new Set<string>();
  for (const start of STARTS) {
    for (let at = bytes.indexOf(start); at !== -1; at = bytes.indexOf(start, at)) {
      at += start.length;
      let open = at;
      while (bytes[open] === SPACE || bytes[open] === 10 || bytes[open] === 13 || bytes[open] === 9) open++;
      const quote = bytes[open];
      if (!isQuote(quote)) continue;
      const end = bytes.indexOf(quote as number, open + 1);
      if (end === -1 || end - open > SPECIFIER_LIMIT) continue;
      if (tails.size < TAILS_LIMIT) tails.add(withoutEnding(lastPart(bytes.toString('utf8', open + 1, end))));
      at = end;
    }
  }
  return tails;
}
