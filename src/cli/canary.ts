import { EXIT } from '../core/exit-code.ts';
import { createRedactor } from '../core/redact.ts';
import type { CanaryResult } from '../model/verify.ts';
import { jsonDocument } from '../report/json.ts';
import { humanCanary } from '../report/verify.ts';
import { runCanary } from '../verify/canary.ts';
import type { Host } from './host.ts';
import type { OutputFlags } from './options.ts';
import { findDataPath, type SessionFlags } from './verify-session.ts';

export interface CanaryFlags extends SessionFlags, OutputFlags {
  readonly timeout: number;
}

const EXIT_OF: Readonly<Record<CanaryResult['verdict'], number>> = {
  survived: EXIT.ok,
  planted: EXIT.ok,
  lost: EXIT.findings,
  inconclusive: EXIT.unknown,
};

/** `wa-doctor canary`, `canary plant`, `canary check`. Returns the exit code. */
export async function canary(
  step: CanaryResult['step'],
  path: string | null,
  flags: CanaryFlags,
  host: Host,
): Promise<number> {
  const subject = await findDataPath(path, flags, host);
  const result = await runCanary({
    ...subject,
    step,
    useBrowser: flags.browser !== false,
    timeoutMs: flags.timeout * 1000,
    signal: host.signal,
  });
  const clean = createRedactor().value(result);
  if (flags.json === true) host.out(jsonDocument(clean));
  else host.out(humanCanary(clean, await host.page(flags.color)));
  return host.signal.aborted ? EXIT.interrupted : EXIT_OF[result.verdict];
}
