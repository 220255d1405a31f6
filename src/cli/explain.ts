import { CHECKS } from '../checks/index.ts';
import { EXIT } from '../core/exit-code.ts';
import type { Check } from '../model/check.ts';
import { UsageError } from '../model/errors.ts';
import { explainText } from '../report/explain.ts';
import { jsonDocument } from '../report/json.ts';
import { table } from '../report/text.ts';
import type { Host } from './host.ts';
import type { OutputFlags } from './options.ts';

function metadata({ code, name, family, severity, needs, targets, since, effort, what, why, fix }: Check) {
  return { code, name, family, severity, needs, targets, since, effort, what, why, fix };
}

/** `wa-doctor explain`: the page of one check, or the list. */
export async function explain(wanted: string | null, flags: OutputFlags, host: Host): Promise<number> {
  if (wanted === null) return checks(flags, host);
  const key = wanted.toLowerCase();
  const check = CHECKS.find(({ code, name }) => code.toLowerCase() === key || name === key);
  if (check === undefined) throw new UsageError(`there is no check "${wanted}"; wa-doctor checks lists them`);
  if (flags.json === true) host.out(jsonDocument({ schema: 'wa-doctor/explain@1', check: metadata(check) }));
  else host.out(explainText(check, await host.page(flags.color)));
  return EXIT.ok;
}

/** `wa-doctor checks`: one line a check. */
export async function checks(flags: OutputFlags, host: Host): Promise<number> {
  if (flags.json === true) {
    host.out(jsonDocument({ schema: 'wa-doctor/checks@1', checks: CHECKS.map(metadata) }));
    return EXIT.ok;
  }
  const page = await host.page(flags.color);
  const rows = CHECKS.map(({ code, name, severity, what }) => [
    { text: code, paint: page.style.bold },
    { text: name },
    {
      text: severity,
      paint: severity === 'error' ? page.style.red : severity === 'warning' ? page.style.yellow : page.style.cyan,
    },
    { text: what },
  ]);
  host.out(`${table(rows, page.width, 0).join('\n')}\n`);
  return EXIT.ok;
}
