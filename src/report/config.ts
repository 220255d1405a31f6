import type { Suppression } from '../model/policy.ts';
import { type Cell, type Page, paragraph, table, visible } from './text.ts';

/** What `wa-doctor config` tells. */
export interface ConfigDocument {
  readonly project: string;
  readonly file: string | null;
  readonly settings: readonly { readonly name: string; readonly value: unknown; readonly by: string }[];
  readonly checks: readonly string[];
  readonly suppressions: readonly (Suppression & { readonly over: boolean })[];
  readonly baseline: { readonly file: string; readonly entries: number } | null;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return value === true ? 'yes' : value === false ? 'no' : String(value);
}

function suppressionLines(suppression: ConfigDocument['suppressions'][number], page: Page): string[] {
  const { code, path, session, fingerprint, until, over, reason, by } = suppression;
  const where = [path, session, fingerprint].filter((part) => part !== null).join(', ');
  const when = until === null ? '' : over ? `, over since ${until}` : `, until ${until}`;
  const text = `${where === '' ? 'everywhere' : where}${when}: ${reason} [${by}]`;
  return paragraph(`  ${code} `, text, page.width).map(over ? page.style.yellow : (line) => line);
}

/** The settings in force for people. Lines joined by `\n`, with a final newline. */
export function configReport(document: ConfigDocument, page: Page): string {
  const { style, width } = page;
  const { file, project, settings, checks, suppressions, baseline } = document;
  const head: Cell[] = ['setting', 'value', 'from'].map((text) => ({ text, paint: style.dim }));
  const rows = settings.map(({ name, value, by }): Cell[] => [
    { text: name },
    { text: valueText(value), ...(by === 'default' ? { paint: style.dim } : {}) },
    { text: by, paint: style.dim },
  ]);
  const lines = [
    file === null ? 'no config file' : `config file ${visible(file)}`,
    style.dim(visible(project)),
    '',
    ...table([head, ...rows], width),
    '',
    `  ${checks.length} checks are run`,
  ];
  if (baseline !== null) lines.push(`  ${baseline.entries} findings are known (${visible(baseline.file)})`);
  if (suppressions.length > 0) {
    lines.push('', style.bold('Accepted'), ...suppressions.flatMap((one) => suppressionLines(one, page)));
  }
  return `${lines.join('\n')}\n`;
}
