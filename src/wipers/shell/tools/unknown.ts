/** Words by which programs say that they delete. */
const DELETING: ReadonlySet<string> = new Set([
  'clean',
  'cleanup',
  'cleaner',
  'cleaning',
  'cleanall',
  'clear',
  'purge',
  'wipe',
  'nuke',
  'reset',
  'remove',
  'removes',
  'delete',
  'deleted',
  'del',
  'rm',
  'rmrf',
  'rimraf',
  'rmdir',
  'unlink',
  'destroy',
  'prune',
  'fresh',
  'flush',
  'scrub',
  'erase',
  'trash',
  'obliterate',
  'factory',
]);

/** The words among these that mean a deletion; `cleanSessions.js` counts as `clean sessions js`. */
export function wordsThatDelete(words: readonly string[]): string[] {
  const found: string[] = [];
  for (const word of words) {
    const parts = word
      .slice(0, 20_000)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^a-z]+/);
    for (const part of parts) if (DELETING.has(part)) found.push(part);
  }
  return found;
}
