import { CHECKS } from '../checks/index.ts';
import type { ExitPolicy } from '../core/exit-code.ts';
import { resolveCodes } from '../core/policy/codes.ts';
import type { SettingsInForce } from '../core/policy/settings.ts';
import { selectChecks } from '../core/select.ts';
import type { Check, Target } from '../model/check.ts';
import type { Severity } from '../model/finding.ts';
import type { Setting, Settings } from '../model/policy.ts';
import { sharedSettings } from './collect.ts';
import type { MachineFlags, SeverityFlag } from './options.ts';

/** Flags of the policy. */
export interface PolicyFlags {
  readonly failOn?: Severity | 'never';
  readonly show?: Severity;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly severity?: readonly SeverityFlag[];
  readonly showSuppressed?: boolean;
  /** commander says `true` where `--no-inline-ignores` is not given. */
  readonly inlineIgnores?: boolean;
  readonly baseline?: string;
  readonly baselineOut?: string;
  readonly allowUnknown?: true | readonly string[];
  readonly allowNoBot?: boolean;
  readonly today?: string;
}

function setting<const Name extends keyof Settings, T>(name: Name, flag: string, value: T | undefined) {
  return value === undefined ? {} : ({ [name]: { value, by: flag } } as { [Key in Name]: Setting<T> });
}

/** What the flags of an audit say. @throws UsageError for a check or platform that there is not. */
export function flagSettings(flags: MachineFlags & PolicyFlags): Settings {
  const codes = (said: readonly string[] | undefined) => (said === undefined ? undefined : resolveCodes(said, CHECKS));
  const { allowUnknown } = flags;
  return {
    ...sharedSettings(flags),
    ...setting('failOn', '--fail-on', flags.failOn),
    ...setting('show', '--show', flags.show),
    ...setting('only', '--only', codes(flags.only)),
    ...setting('skip', '--skip', codes(flags.skip)),
    ...setting('baseline', '--baseline', flags.baseline),
    ...setting('allowUnknown', '--allow-unknown', allowUnknown === true ? true : codes(allowUnknown)),
    ...setting('allowNoBot', '--allow-no-bot', flags.allowNoBot),
    ...setting('inlineIgnores', '--no-inline-ignores', flags.inlineIgnores === false ? false : undefined),
    severities: (flags.severity ?? []).map(({ code, severity }) => ({
      code: resolveCodes([code], CHECKS)[0] ?? code,
      severity,
      by: '--severity',
    })),
  };
}

/** The checks that are run. @throws UsageError when none is left. */
export function selectedChecks({ only, skip, severities }: SettingsInForce): Check[] {
  const off = severities.filter(({ severity }) => severity === 'off').map(({ code }) => code);
  return selectChecks(CHECKS, only?.value ?? null, skip?.value ?? [], off);
}

/** Checks that would have a say in the verdict and are not run. */
export function leftOut(selected: readonly Check[], target: Target): string[] {
  const run = new Set(selected.map(({ code }) => code));
  return CHECKS.filter(
    ({ code, implies, targets }) => implies !== undefined && targets.includes(target) && !run.has(code),
  ).map(({ code }) => code);
}

export function exitPolicy({ failOn, allowUnknown, allowNoBot }: SettingsInForce): ExitPolicy {
  const unknown = allowUnknown.value === true ? true : allowUnknown.value === false ? [] : allowUnknown.value;
  return { failOn: failOn.value, allowUnknown: unknown, allowNoBot: allowNoBot.value };
}
