import type { Finding, Location, SourceLocation } from '../model/finding.ts';
import type { Report } from '../model/report.ts';

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

/** A file of the project as its repository calls it, which is what annotations of a code host need. */
export function inRepository({ base }: Pick<Report, 'base'>, file: string): string {
  if (base === undefined || base === '' || file.startsWith('/')) return file;
  const parts: string[] = [];
  for (const part of `${base}/${file}`.split('/')) {
    if (part === '..' && parts.length > 0) parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Where a finding hangs in the files of a repository: its first place there, else the manifest of the project. */
export function anchorOf(report: Pick<Report, 'base'>, { locations }: Pick<Finding, 'locations'>): SourceLocation {
  const place = sourceOf(locations) ?? { file: 'package.json' };
  return { ...place, file: inRepository(report, place.file) };
}

/** Neither accepted nor known from the baseline: what a gate looks at. */
export function isNew({ suppressed, baseline }: Finding): boolean {
  return suppressed === null && baseline !== 'known';
}

/** The marks of a finding that no gate looks at, ` (known)`; else nothing. */
export function markOf({ suppressed, baseline }: Finding): string {
  if (suppressed !== null) return ` (suppressed: ${suppressed.reason})`;
  return baseline === 'known' ? ' (known from the baseline)' : '';
}

/** Fingerprints made unique within one document, where a reader would take two findings for one. */
export function uniqueFingerprints(findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ fingerprint }) => {
    const count = seen.get(fingerprint) ?? 0;
    seen.set(fingerprint, count + 1);
    return count === 0 ? fingerprint : `${fingerprint}-${count + 1}`;
  });
}
