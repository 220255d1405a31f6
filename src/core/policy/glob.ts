/**
 * Does a glob match a path, both relative to the project? `*` and `?` stay within one name, `**` crosses directories, and a glob that
 * names a directory means everything below it. Linear in time for each name: no regular expression is made from the glob.
 */
export function globMatches(glob: string, path: string): boolean {
  const wanted = parts(glob);
  const names = parts(path);
  /** reached[j]: the parts of the glob so far match the first j names. */
  let reached = [true, ...names.map(() => false)];
  for (const part of wanted) {
    const next: boolean[] = [];
    for (let j = 0; j <= names.length; j++) {
      if (part === '**') next.push(reached[j] === true || next[j - 1] === true);
      else next.push(j > 0 && reached[j - 1] === true && nameMatches(part, names[j - 1] ?? ''));
    }
    reached = next;
  }
  return reached.some(Boolean);
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function nameMatches(pattern: string, name: string): boolean {
  let at = 0;
  let from = 0;
  /** Where the last `*` stands, and how much of the name it has taken. */
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    if (from < pattern.length && (pattern[from] === '?' || pattern[from] === name[at]) && pattern[from] !== '*') {
      at += 1;
      from += 1;
    } else if (pattern[from] === '*') {
      star = from;
      taken = at;
      from += 1;
    } else if (star !== -1) {
      taken += 1;
      at = taken;
      from = star + 1;
    } else return false;
  }
  while (pattern[from] === '*') from += 1;
  return from === pattern.length;
}
