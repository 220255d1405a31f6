import type { Report } from '../model/report.ts';
import { locationText, sourceOf } from './location.ts';
import { xml } from './xml.ts';

/** Checkstyle XML: findings by file. One without a place in a file stands under the path that it is about. */
export function checkstyleReport(report: Report): string {
  const byFile = new Map<string, string[]>();
  for (const { code, severity, message, locations, suppressed } of report.findings) {
    if (suppressed !== null) continue;
    const place = sourceOf(locations);
    const [first] = locations;
    const file = place?.file ?? (first === undefined ? 'package.json' : locationText(first));
    const at =
      place?.line === undefined
        ? ''
        : ` line="${place.line}"${place.column === undefined ? '' : ` column="${place.column}"`}`;
    const error = `    <error${at} severity="${severity}" message="${xml(message)}" source="wa-doctor.${code}"/>`;
    byFile.set(file, [...(byFile.get(file) ?? []), error]);
  }
  const files = [...byFile].map(([file, errors]) => `  <file name="${xml(file)}">\n${errors.join('\n')}\n  </file>`);
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">', ...files, '</checkstyle>', ''].join(
    '\n',
  );
}
