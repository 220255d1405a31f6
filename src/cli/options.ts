import { type Command, InvalidArgumentError, Option } from 'commander';
import { isDay } from '../core/policy/days.ts';
import type { MachineOptions } from '../facts/machine.ts';
import type { Target } from '../model/check.ts';
import { UsageError } from '../model/errors.ts';
import { onCi } from './ci.ts';
import type { Host } from './host.ts';

/** Flags that name the machine to look at; shared by every reading command. */
export interface MachineFlags {
  readonly root?: string;
  readonly mountinfo?: string;
  readonly pid?: number;
  readonly container?: string;
  readonly target?: Target;
  readonly session?: readonly string[];
  /** `false`: `--no-config`. */
  readonly config?: string | false;
  readonly deploy?: string;
  readonly platform?: string;
}

/** Flags of the output. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly color?: boolean;
}

export const SEVERITY_WORDS = ['error', 'warning', 'info', 'off'] as const;

/** `--severity WA510=off`. */
export interface SeverityFlag {
  /** A code or a name. */
  readonly code: string;
  readonly severity: (typeof SEVERITY_WORDS)[number];
}

/** Formats of a report, `human` first. */
export const FORMATS = [
  'human',
  'json',
  'sarif',
  'junit',
  'github',
  'gitlab',
  'markdown',
  'html',
  'checkstyle',
  'prometheus',
] as const;

export type Format = (typeof FORMATS)[number];

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0) throw new InvalidArgumentError('it must be a whole number above 0.');
  return value;
}

/** Splits `WA101,low-space` and checks the form of each: a code or a name. */
export function codeList(text: string, previous: readonly string[] = []): string[] {
  const codes = text.split(',').map((code) => code.trim());
  const odd = codes.find((code) => !/^(?:WA\d{3}|(?!WA\d)[a-z]+(?:-[a-z]+)+)$/i.test(code));
  if (odd !== undefined) throw new InvalidArgumentError(`"${odd}" is not a check code such as WA101.`);
  return [...previous, ...codes];
}

/** Splits `WA510=off,WA201=warning`. */
export function severityList(text: string, previous: readonly SeverityFlag[] = []): SeverityFlag[] {
  const given = text.split(',').map((part): SeverityFlag => {
    const [code = '', word = ''] = part.split('=').map((side) => side.trim());
    const severity = SEVERITY_WORDS.find((one) => one === word);
    if (severity === undefined) {
      throw new InvalidArgumentError(`"${part}" must be a check and one of ${SEVERITY_WORDS.join(', ')}: WA510=off.`);
    }
    const [checked = ''] = codeList(code);
    return { code: checked, severity };
  });
  return [...previous, ...given];
}

/** A day such as `2027-01-31`. */
export function calendarDay(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('it must be a day such as 2027-01-31.');
  return text;
}

/** For flags that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** `--root`, `--mountinfo`, `--pid`, `--container`. */
export function withMachineFlags(command: Command): Command {
  return command
    .option('--root <dir>', 'examine the machine whose root directory is DIR; no link leads out of it')
    .option('--mountinfo <file>', 'judge paths on this mount table')
    .addOption(new Option('--pid <pid>', 'see as that process sees').argParser(positiveInteger))
    .option('--container <name>', 'examine a Docker or Podman container');
}

/** `--json`, `--no-color`. */
export function withOutputFlags(command: Command): Command {
  return command.option('--json', 'print one JSON document').option('--no-color', 'print without colours');
}

/** `--target`, `--session`: what a project is judged for. */
export function withProjectFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--target <target>', 'judge this machine, or the repository wherever it will be deployed').choices([
        'host',
        'repo',
      ]),
    )
    .option('--session <path>', 'session directory, where the source does not tell it (repeatable)', collect)
    .option('--deploy <launch>', 'the launch that is the deployed one: "compose service bot"')
    .option('--platform <kind>', 'the hosting platform, such as fly, heroku, kubernetes, host')
    .option('--config <file>', 'config file (default: wa-doctor.config.json in the project)')
    .option('--no-config', 'heed no config file');
}

/** `--fail-on`, `--only`, `--baseline` and the like: what an audit makes of its findings. */
export function withPolicyFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--fail-on <severity>', 'least severe finding that fails the run, inclusive (default: error)').choices(
        ['error', 'warning', 'info', 'never'],
      ),
    )
    .addOption(
      new Option('--show <severity>', 'least severe finding that is shown, inclusive (default: info)').choices([
        'error',
        'warning',
        'info',
      ]),
    )
    .addOption(
      new Option('--only <codes>', 'run only these checks, by code or name: WA101,low-space').argParser(codeList),
    )
    .addOption(new Option('--skip <codes>', 'run all but these checks').argParser(codeList))
    .addOption(
      new Option(
        '--severity <changes>',
        'give the findings of a check another severity, or turn it off: WA201=warning,WA510=off (repeatable)',
      ).argParser(severityList),
    )
    .option('--no-inline-ignores', 'heed no wa-doctor-ignore comments in the project')
    .option('--baseline <file>', 'findings in FILE are known: they are marked and do not fail the run')
    .addOption(
      new Option(
        '--today <day>',
        'day on which the last days of suppressions are judged (default: today, or that of the facts)',
      ).argParser(calendarDay),
    )
    .addOption(
      new Option('--allow-unknown [codes]', 'accept that these checks (default: all) could not look').argParser(
        codeList,
      ),
    )
    .option('--allow-no-bot', 'exit 0 where there is no bot');
}

/** Do the flags name a machine to look at? */
export function namesMachine({ root, pid, container, mountinfo }: MachineFlags): boolean {
  return root !== undefined || pid !== undefined || container !== undefined || mountinfo !== undefined;
}

/** The machine that the flags name. `--root`, `--pid`, `--container` and `--mountinfo` imply the target `host`. */
export function machineOptions(flags: MachineFlags, project: string | null, host: Host): MachineOptions {
  const machines = [
    flags.root !== undefined && '--root',
    flags.pid !== undefined && '--pid',
    flags.container !== undefined && '--container',
  ].filter((name) => name !== false);
  if (machines.length > 1) throw new UsageError(`${machines.join(' and ')} name different machines: use one of them`);
  const named = namesMachine(flags);
  if (named && flags.target === 'repo') {
    throw new UsageError(
      `--target repo looks at no machine, ${machines[0] ?? '--mountinfo'} names one: use one of them`,
    );
  }
  return {
    root: flags.root ?? null,
    mountinfo: flags.mountinfo ?? null,
    pid: flags.pid ?? null,
    container: flags.container ?? null,
    target: flags.target ?? (!named && onCi(host.env) ? 'repo' : 'host'),
    project,
    sessions: flags.session ?? [],
    ownEnv: host.env,
    ownCwd: host.cwd,
    now: host.now,
    clock: host.clock,
  };
}
