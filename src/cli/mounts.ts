import { EXIT } from '../core/exit-code.ts';
import { createRedactor } from '../core/redact.ts';
import { judgeMounts } from '../facts/judge-mounts.ts';
import { openMachine } from '../facts/machine.ts';
import { jsonDocument } from '../report/json.ts';
import { mountsTable } from '../report/mounts.ts';
import type { Host } from './host.ts';
import { type MachineFlags, machineOptions, type OutputFlags } from './options.ts';

export interface MountsFlags extends MachineFlags, OutputFlags {
  readonly all?: boolean;
}

/** `wa-doctor mounts`: which restart does each path survive? */
export async function mounts(paths: readonly string[], flags: MountsFlags, host: Host): Promise<number> {
  const machine = await openMachine({ ...machineOptions(flags, null, host), target: 'host' });
  try {
    const { redactor, judged } = {
      redactor: createRedactor(),
      judged: judgeMounts(machine, paths, host.cwd, flags.all === true),
    };
    const document = redactor.value({ schema: 'wa-doctor/mounts@1', ...judged });
    if (flags.json === true) host.out(jsonDocument(document));
    else host.out(mountsTable(document, await host.page(flags.color)));
    return EXIT.ok;
  } finally {
    machine.close();
  }
}
