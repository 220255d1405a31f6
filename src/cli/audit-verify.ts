import { UsageError } from '../model/errors.ts';
import type { FactState } from '../model/facts.ts';
import type { VerifyFact } from '../model/verify.ts';
import type { Host } from './host.ts';
import type { MachineFlags } from './options.ts';
import { findDataPath } from './verify-session.ts';

export interface AuditVerifyFlags extends MachineFlags {
  /** `--verify` alone is the live test. */
  readonly verify?: true | 'live' | 'canary';
  readonly yes?: boolean;
}

const CANARY_LIMIT_MS = 60_000;

/** A restart is tried on this machine; what is tested is one session. */
function checkUse(flags: AuditVerifyFlags): void {
  const other = flags.root !== undefined || flags.pid !== undefined || flags.container !== undefined;
  if (other || flags.target === 'repo') {
    throw new UsageError(
      '--verify starts a browser on this machine: use it without --root, --pid, --container and --target repo',
    );
  }
  if ((flags.session?.length ?? 0) > 1) throw new UsageError('--verify tests one session: give --session once');
}

/** What `audit --verify` found out, as the fact of the checks WA701 and WA702. */
export async function verifiedFact(
  project: string | null,
  flags: AuditVerifyFlags,
  host: Host,
): Promise<FactState<VerifyFact>> {
  checkUse(flags);
  const session = flags.session?.[0];
  const chosen = session === undefined ? {} : { session };
  if (flags.verify === 'canary') {
    const { runCanary } = await import('../verify/canary.ts');
    const subject = await findDataPath(project, chosen, host);
    const canary = await runCanary({
      ...subject,
      step: 'cycle',
      useBrowser: true,
      timeoutMs: CANARY_LIMIT_MS,
      signal: host.signal,
    });
    return { ok: true, value: { live: null, canary }, gaps: [] };
  }
  const { live } = await import('./verify.ts');
  const result = await live(
    project,
    {
      ...chosen,
      cycles: 1,
      stop: 'destroy',
      settle: 0,
      backup: true,
      ...(flags.yes === undefined ? {} : { yes: flags.yes }),
    },
    host,
  );
  return { ok: true, value: { live: result, canary: null }, gaps: [] };
}
