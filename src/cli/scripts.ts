import { EXIT } from '../core/exit-code.ts';
import type { FactStates } from '../core/run.ts';
import type { FactName } from '../model/facts.ts';
import { jsonDocument } from '../report/json.ts';
import { scriptsReport } from '../report/scripts.ts';
import { collect } from './collect.ts';
import type { Host } from './host.ts';
import type { MachineFlags, OutputFlags } from './options.ts';

const NEEDED: readonly FactName[] = ['scripts', 'sourceDeletions'];

/** The facts as `scripts@1`; what could not be looked at stands in `problems`. */
export function scriptsDocument({ scripts, sourceDeletions }: FactStates) {
  const problems = [scripts, sourceDeletions].flatMap((state) =>
    state === undefined ? [] : state.ok ? state.gaps : [state.reason],
  );
  return {
    schema: 'wa-doctor/scripts@1',
    scripts: scripts?.ok === true ? scripts.value : [],
    sources: sourceDeletions?.ok === true ? sourceDeletions.value : [],
    problems: [...new Set(problems)],
  } as const;
}

/** `wa-doctor scripts`: which scripts, hooks, workflows and source delete the session. */
export async function scripts(project: string | null, flags: MachineFlags & OutputFlags, host: Host): Promise<number> {
  const { states, redactor } = await collect(project, () => NEEDED, flags, host);
  const document = redactor.value(scriptsDocument(states));
  if (flags.json === true) host.out(jsonDocument(document));
  else host.out(scriptsReport(document, await host.page(flags.color)));
  return EXIT.ok;
}
