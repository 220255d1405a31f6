import { EXIT } from '../core/exit-code.ts';
import type { FactStates } from '../core/run.ts';
import type { FactName } from '../model/facts.ts';
import { jsonDocument } from '../report/json.ts';
import { pathReport } from '../report/path.ts';
import { sitesOfBot } from '../session/sessions.ts';
import { collect } from './collect.ts';
import type { Host } from './host.ts';
import type { MachineFlags, OutputFlags } from './options.ts';

const NEEDED: readonly FactName[] = ['project', 'sites', 'launches', 'lifecycle', 'sessions'];

/** The facts as `path@1`; what could not be looked at stands in `problems`. */
export function pathDocument(states: FactStates) {
  const problems = NEEDED.flatMap((name) => {
    const state = states[name];
    if (state === undefined) return [];
    return state.ok ? state.gaps : [state.reason];
  });
  const { sites, launches, lifecycle, sessions } = states;
  return {
    schema: 'wa-doctor/path@1',
    sites: sites?.ok === true ? sitesOfBot(sites.value) : [],
    // Tests, examples, copies kept beside the bot: they hold no login of the bot.
    otherSites: sites?.ok === true ? sites.value.filter((site) => !sitesOfBot(sites.value).includes(site)) : [],
    launches: launches?.ok === true ? launches.value : [],
    lifecycle: lifecycle?.ok === true ? lifecycle.value : null,
    sessions:
      sessions?.ok === true
        ? sessions.value.map((session) => ({ ...session, survives: session.durability?.survives ?? null }))
        : [],
    problems: [...new Set(problems)],
  } as const;
}

/** `wa-doctor path`: where the bot really keeps its login, for each way of starting it. */
export async function path(project: string | null, flags: MachineFlags & OutputFlags, host: Host): Promise<number> {
  const { states, redactor } = await collect(project, () => NEEDED, flags, host);
  const document = redactor.value(pathDocument(states));
  if (flags.json === true) host.out(jsonDocument(document));
  else host.out(pathReport(document, await host.page(flags.color)));
  return EXIT.ok;
}
