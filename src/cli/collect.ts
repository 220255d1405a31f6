import { createRedactor, type Redactor } from '../core/redact.ts';
import { type Collection, collectFacts } from '../facts/graph.ts';
import { FACTS } from '../facts/index.ts';
import { type Machine, openMachine } from '../facts/machine.ts';
import { checkProject } from '../facts/project-guard.ts';
import type { Target } from '../model/check.ts';
import type { FactName } from '../model/facts.ts';
import type { Host } from './host.ts';
import { type MachineFlags, machineOptions } from './options.ts';

export interface Collected extends Collection {
  readonly machine: Machine;
  readonly redactor: Redactor;
}

/** Redacts the values of the examined environment and of every launch that look secret. */
function learnSecrets(redactor: Redactor, machine: Machine, { states }: Collection): void {
  for (const [name, value] of Object.entries(machine.env)) redactor.learn(name, value);
  for (const { env } of states.launches?.ok === true ? states.launches.value : []) {
    for (const [name, value] of Object.entries(env)) redactor.learn(name, value);
  }
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
  const machine = await openMachine(machineOptions(flags, project, host));
  try {
    checkProject(machine, project);
    const collection = await collectFacts(FACTS, wanted(machine.target), machine, host.signal);
    const redactor = createRedactor();
    learnSecrets(redactor, machine, collection);
    return { ...collection, machine, redactor };
  } finally {
    machine.close();
  }
}
