import type { Report } from '../model/report.ts';
import { anchorOf, isNew, locationText, markOf } from './location.ts';
import { xml } from './xml.ts';

/**
 * Checkstyle XML (the report of Checkstyle's XMLLogger, as Jenkins and reviewdog read it): findings by file. Known ones are `info`; one
 * without a place in a file stands under the manifest and names its place in the message. Suppressed ones are left out.
 */
export function checkstyleReport(report: Report): string {
  const byFile = new Map<string, string[]>();
  for (const finding of report.findings) {
    const { code, severity, message, locations, suppressed } = finding;
    if (suppressed !== null) continue;
    const { file, line, column } = anchorOf(report, finding);
    const at =
      line === undefined ? '' : ` line="${line}"${column === undefined ? '' : ` column="${Math.max(1, column)}"`}`;
    const [first] = locations;
    const where = first === undefined || 'file' in first ? '' : ` [${locationText(first)}]`;
    const error = `    <error${at} severity="${isNew(finding) ? severity : 'info'}" message="${xml(`${message}${where}${markOf(finding)}`)}" source="wa-doctor.${code}"/>`;
    const errors = byFile.get(file);
    if (errors === undefined) byFile.set(file, [error]);
    else errors.push(error);
  }
  const files = [...byFile].map(([file, errors]) => `  <file name="${xml(file)}">\n${errors.join('\n')}\n  </file>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<checkstyle version="4.3">',
    ...(report.partial ? ['  <exception>The run was interrupted: this report is partial.</exception>'] : []),
    ...files,
    '</checkstyle>',
    '',
  ].join('\n');
}
