import { suggestion } from '../core/document/suggest.ts';
import { type SettingsInForce, settingsInForce } from '../core/policy/settings.ts';
import { createRedactor, type Redactor } from '../core/redact.ts';
import { DECLARABLE_PLATFORMS } from '../facts/declared-platform.ts';
import { type Collection, collectFacts } from '../facts/graph.ts';
import { FACTS } from '../facts/index.ts';
import { type Machine, openMachine } from '../facts/machine.ts';
import { checkProject } from '../facts/project-guard.ts';
import type { Target } from '../model/check.ts';
import { UsageError } from '../model/errors.ts';
import type { FactName } from '../model/facts.ts';
import type { Settings } from '../model/policy.ts';
import { type LoadedConfig, loadConfig } from './config-file.ts';
import type { Host } from './host.ts';
import { type MachineFlags, machineOptions, namesMachine } from './options.ts';

/** A machine with what the config file and the flags say of it. */
export interface Subject {
  readonly machine: Machine;
  readonly config: LoadedConfig;
  readonly settings: SettingsInForce;
}

export interface Collected extends Collection, Subject {
  readonly redactor: Redactor;
}

/** Redacts the values of the examined environment and of every launch that look secret. */
function learnSecrets(redactor: Redactor, machine: Machine, { states }: Collection): void {
  for (const [name, value] of Object.entries(machine.env)) redactor.learn(name, value);
  for (const { env } of states.launches?.ok === true ? states.launches.value : []) {
    for (const [name, value] of Object.entries(env)) redactor.learn(name, value);
  }
}

/** What the flags that every reading command shares say. */
export function sharedSettings({ target, deploy, platform, session }: MachineFlags): Settings {
  if (platform !== undefined && !DECLARABLE_PLATFORMS.includes(platform)) {
    const known = suggestion(platform, DECLARABLE_PLATFORMS) || `; one of ${DECLARABLE_PLATFORMS.join(', ')}`;
    throw new UsageError(`--platform ${platform}: there is no such platform${known}`);
  }
  // `#1` numbers the stored sessions for --verify.
  const paths = session?.filter((path) => !path.startsWith('#')) ?? [];
  return {
    ...(target === undefined ? {} : { target: { value: target, by: '--target' } }),
    ...(deploy === undefined ? {} : { deploy: { value: deploy, by: '--deploy' } }),
    ...(platform === undefined ? {} : { platform: { value: platform, by: '--platform' } }),
    ...(paths.length === 0 ? {} : { session: { value: paths, by: '--session' } }),
  };
}

/** The machine as the settings declare it. */
function declaredMachine(machine: Machine, flags: MachineFlags, settings: SettingsInForce): Machine {
  const { target, deploy, platform, session } = settings;
  return {
    ...machine,
    // A machine that is named is judged as one, whatever the file says.
    target: flags.target ?? (namesMachine(flags) ? 'host' : (target?.value ?? machine.target)),
    sessions: session?.value ?? machine.sessions,
    declared: { deploy: deploy ?? null, platform: platform ?? null, sessionBy: session?.by ?? null },
  };
}

/**
 * Open the machine that the flags name, with the config file of the project, and do something with it.
 * @param settings what the flags say.
 * @throws UsageError when the project or the machine is not there, or the config file is not valid.
 */
export async function withSubject<T>(
  project: string | null,
  flags: MachineFlags,
  settings: Settings,
  host: Host,
  use: (subject: Subject) => Promise<T>,
): Promise<T> {
  const opened = await openMachine(machineOptions(flags, project, host));
  try {
    checkProject(opened, project);
    const config = await loadConfig(flags.config, opened, host);
    const inForce = settingsInForce(settings, config.settings);
    return await use({ machine: declaredMachine(opened, flags, inForce), config, settings: inForce });
  } finally {
    opened.close();
  }
}

/** Collect the wanted facts of a machine that is open. */
export async function collectFrom(subject: Subject, wanted: readonly FactName[], host: Host): Promise<Collected> {
  const { machine } = subject;
  const collection = await collectFacts(FACTS, wanted, machine, host.signal);
  const redactor = createRedactor();
  learnSecrets(redactor, machine, collection);
  return { ...collection, ...subject, redactor };
}

/**
 * Open the machine that the flags name and collect the wanted facts about the project.
 * @throws UsageError when the project or the machine is not there.
 */
export async function collect(
  project: string | null,
  wanted: (target: Target) => readonly FactName[],
  flags: MachineFlags,
  host: Host,
): Promise<Collected> {
  return withSubject(project, flags, sharedSettings(flags), host, (subject) =>
    collectFrom(subject, wanted(subject.machine.target), host),
  );
}
