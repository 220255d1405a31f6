import { EXIT } from '../core/exit-code.ts';
import { createRedactor } from '../core/redact.ts';
import { openMachine } from '../facts/machine.ts';
import { UsageError } from '../model/errors.ts';
import { repair } from '../repair/repair.ts';
import { jsonDocument } from '../report/json.ts';
import { repairJson, repairText } from '../report/repair.ts';
import type { Host } from './host.ts';
import { sessionsOfProject } from './inspect.ts';
import { machineOptions, type OutputFlags } from './options.ts';
import { chooseSession, findSessions } from './sessions.ts';

export interface RepairFlags extends OutputFlags {
  readonly apply?: boolean;
  readonly ownerGone?: string;
  readonly in?: string;
}

const CODES = {
  planned: EXIT.ok,
  done: EXIT.ok,
  nothing: EXIT.ok,
  refused: EXIT.unknown,
  failed: EXIT.findings,
} as const;

/** `wa-doctor repair`: always on this machine. */
export async function repairSession(typed: string, flags: RepairFlags, host: Host): Promise<number> {
  const numbered = typed.startsWith('#');
  const machine = await openMachine({
    ...machineOptions({}, numbered ? (flags.in ?? null) : typed, host),
    target: 'host',
  });
  try {
    const base = machine.project;
    const found = await findSessions(machine, base, () => sessionsOfProject(machine, host));
    let session = chooseSession(typed, found, base);
    if (!numbered) {
      const [only] = found.profiles;
      if (only === undefined) throw new UsageError(`${typed}: there is no session (see wa-doctor inspect)`);
      if (found.profiles.length > 1) {
        throw new UsageError(
          `${typed} holds ${found.profiles.length} sessions: name one of them, or its number, as in: wa-doctor repair '#1' --in ${typed}`,
        );
      }
      session = only.path;
    }
    const result = await repair(session, {
      now: host.now,
      ownerGone: flags.ownerGone ?? null,
      apply: flags.apply === true,
    });
    const redactor = createRedactor();
    if (flags.json === true) host.out(jsonDocument(redactor.value(repairJson(result))));
    else host.out(repairText(redactor.value(result), await host.page(flags.color)));
    return CODES[result.outcome];
  } finally {
    machine.close();
  }
}
