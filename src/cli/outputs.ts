import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { docsAddress } from '../core/run.ts';
import type { CheckMeta } from '../model/check.ts';
import { UsageError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { humanReport } from '../report/human.ts';
import { jsonDocument } from '../report/json.ts';
import { PLAIN } from '../report/text.ts';
import type { Host } from './host.ts';
import { FORMATS, type Format, type OutputFlags } from './options.ts';

/** One report to write: in which format, and where (`null`: standard output). */
export interface Output {
  readonly format: Format;
  readonly file: string | null;
}

function isFormat(name: string): name is Format {
  return (FORMATS as readonly string[]).includes(name);
}

/**
 * `--format` values (`sarif`, `junit=out.xml`) and `--json` as outputs. When all go to files a person still gets the report.
 * @throws UsageError for an unknown format, or two for standard output.
 */
export function parseOutputs(formats: readonly string[], json: boolean): Output[] {
  const outputs = formats.map((text): Output => {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const file = equals < 0 ? null : text.slice(equals + 1);
    if (!isFormat(name))
      throw new UsageError(`--format ${name}: there is no such format; use one of ${FORMATS.join(', ')}`);
    if (file === '') throw new UsageError(`--format ${text}: the file is missing after "="`);
    return { format: name, file };
  });
  if (json) outputs.push({ format: 'json', file: null });
  const toStdout = outputs.filter(({ file }) => file === null);
  if (toStdout.length > 1) {
    throw new UsageError(
      `${toStdout.map(({ format }) => format).join(' and ')} would both go to standard output: give all but one a file, --format ${toStdout[0]?.format}=FILE`,
    );
  }
  return toStdout.length === 0 ? [...outputs, { format: 'human', file: null }] : outputs;
}

/** Every machine format is loaded only when it is asked for. */
const RENDERERS: Readonly<
  Record<Exclude<Format, 'human'>, (report: Report, checks: readonly CheckMeta[]) => Promise<string>>
> = {
  json: async (report) => jsonDocument(report),
  sarif: async (report, checks) => (await import('../report/sarif.ts')).sarifReport(report, checks, docsAddress),
  junit: async (report, checks) => (await import('../report/junit.ts')).junitReport(report, checks),
  github: async (report) => (await import('../report/github.ts')).githubReport(report),
  gitlab: async (report) => (await import('../report/gitlab.ts')).gitlabReport(report),
  markdown: async (report) => (await import('../report/markdown.ts')).markdownReport(report),
  checkstyle: async (report) => (await import('../report/checkstyle.ts')).checkstyleReport(report),
  html: async (report) => (await import('../report/html/page.ts')).htmlReport(report),
  prometheus: async (report) => (await import('../report/prometheus.ts')).prometheusReport(report),
};

/**
 * Write the report in every format that was asked for.
 * @throws UsageError when a file cannot be written.
 */
export async function writeReports(
  report: Report,
  checks: readonly CheckMeta[],
  outputs: readonly Output[],
  flags: OutputFlags,
  host: Host,
): Promise<void> {
  for (const { format, file } of outputs) {
    const page = file === null ? await host.page(flags.color) : { style: PLAIN, width: 100 };
    const text = format === 'human' ? humanReport(report, page) : await RENDERERS[format](report, checks);
    if (file === null) {
      host.out(text);
      continue;
    }
    try {
      writeFileSync(resolve(host.cwd, file), text);
    } catch (error) {
      throw new UsageError(
        `--format ${format}=${file}: it cannot be written (${(error as NodeJS.ErrnoException).code})`,
      );
    }
  }
}
