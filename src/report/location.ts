import type { Location, SourceLocation } from '../model/finding.ts';

/** A location in one word: `src/bot.js:3:7`, a path, `process 4711`. */
export function locationText(location: Location): string {
  if ('pid' in location) return `process ${location.pid}`;
  if ('path' in location) return location.path;
  const { file, line, column } = location;
  return file + (line === undefined ? '' : `:${line}`) + (column === undefined ? '' : `:${column}`);
}

/** The first location in a file of the project, where machines can hang an annotation. */
export function sourceOf(locations: readonly Location[]): SourceLocation | null {
  return (
    locations.find((location): location is SourceLocation => 'file' in location && !location.file.startsWith('/')) ??
    null
  );
}
