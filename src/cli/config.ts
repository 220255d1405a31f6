import { EXIT } from '../core/exit-code.ts';
import { dayOf, isOver } from '../core/policy/days.ts';
import { createRedactor } from '../core/redact.ts';
import type { Machine } from '../facts/machine.ts';
import type { Origin, Setting, Suppression } from '../model/policy.ts';
import { configReport } from '../report/config.ts';
import { jsonDocument } from '../report/json.ts';
import { flagSettings, type PolicyFlags, selectedChecks } from './audit-policy.ts';
import { readNamedBaseline, readProjectBaseline } from './baseline-file.ts';
import { ciVariable } from './ci.ts';
import { type Subject, withSubject } from './collect.ts';
import type { Host } from './host.ts';
import { type MachineFlags, namesMachine, type OutputFlags } from './options.ts';

export type ConfigFlags = MachineFlags & OutputFlags & PolicyFlags;

/** Who decides the target. */
function targetOrigin({ settings }: Subject, flags: MachineFlags, host: Host): Origin {
  if (flags.target !== undefined) return '--target';
  if (namesMachine(flags)) return 'the machine that a flag names';
  return settings.target?.by ?? ciVariable(host.env) ?? 'default';
}

function settingRows(subject: Subject, flags: ConfigFlags, host: Host) {
  const { settings, machine } = subject;
  const rows: { name: string; value: unknown; by: Origin }[] = [
    { name: 'target', value: machine.target, by: targetOrigin(subject, flags, host) },
  ];
  const add = (name: string, setting: Setting<unknown> | undefined) => {
    if (setting !== undefined) rows.push({ name, ...setting });
  };
  add('deploy.target', settings.deploy);
  add('session', settings.session);
  add('platform', settings.platform);
  add('failOn', settings.failOn);
  add('show', settings.show);
  add('only', settings.only);
  add('skip', settings.skip);
  for (const { code, severity, by } of settings.severities) add(`severity.${code}`, { value: severity, by });
  add('baseline', settings.baseline);
  add('allowUnknown', settings.allowUnknown);
  add('allowNoBot', settings.allowNoBot);
  add('inlineIgnores', settings.inlineIgnores);
  return rows;
}

async function baselineRow({ settings: { baseline }, machine }: Subject, host: Host) {
  if (baseline === undefined) return null;
  const read = (at: Machine) =>
    baseline.by === '--baseline' ? readNamedBaseline(baseline.value, host) : readProjectBaseline(baseline, at);
  const { file, entries } = await read(machine);
  return { file, entries: entries.length };
}

/** `wa-doctor config`: what is in force, and from where. Everything that an audit would refuse is refused here too. */
export async function config(project: string | null, flags: ConfigFlags, host: Host): Promise<number> {
  const day = flags.today ?? dayOf(host.now);
  const document = await withSubject(project, flags, flagSettings(flags), host, async (subject) => {
    const { machine, settings, config: loaded } = subject;
    const over = (suppression: Suppression) => ({ ...suppression, over: isOver(suppression.until, day) });
    return {
      schema: 'wa-doctor/config@1',
      project: machine.project,
      file: loaded.file,
      settings: settingRows(subject, flags, host),
      checks: selectedChecks(settings).map(({ code }) => code),
      suppressions: settings.suppressions.map(over),
      baseline: await baselineRow(subject, host),
    } as const;
  });
  const clean = createRedactor().value(document);
  if (flags.json === true) host.out(jsonDocument(clean));
  else host.out(configReport(clean, await host.page(flags.color)));
  return EXIT.ok;
}
