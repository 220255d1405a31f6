import { EXIT } from '../core/exit-code.ts';
import { createRedactor } from '../core/redact.ts';
import { UsageError } from '../model/errors.ts';
import type { Launch } from '../model/launch.ts';
import type { CanaryResult, StopKind, VerifyResult } from '../model/verify.ts';
import { jsonDocument } from '../report/json.ts';
import { paragraph, visible } from '../report/text.ts';
import { humanVerify, seconds } from '../report/verify.ts';
import type { VerifyStep } from '../verify/cycle.ts';
import type { Host } from './host.ts';
import type { OutputFlags } from './options.ts';
import { findDataPath, findSubject, type SessionFlags, type Subject } from './verify-session.ts';

export interface VerifyFlags extends SessionFlags, OutputFlags {
  readonly cycles: number;
  readonly stop: StopKind;
  readonly iKnow?: boolean;
  readonly timeout?: number;
  readonly settle: number;
  readonly pair?: boolean;
  readonly backup: boolean;
  readonly ownerGone?: string;
  readonly canary?: boolean;
  readonly yes?: boolean;
}

/** The real WhatsApp Web needs up to a minute on a small machine; a person with a phone needs longer. */
const READY_LIMIT_S = 120;
const PAIR_LIMIT_S = 300;
const MAX_SETTLE_S = 24 * 3600;

const EXIT_OF: Readonly<Record<VerifyResult['verdict'], number>> = {
  survived: EXIT.ok,
  lost: EXIT.findings,
  'not-linked': EXIT.findings,
  refused: EXIT.unknown,
  inconclusive: EXIT.unknown,
};

function checkFlags(flags: VerifyFlags): void {
  if (flags.stop === 'sigkill' && flags.iKnow !== true) {
    throw new UsageError(
      '--stop sigkill ends the browser in the middle of whatever it writes and can damage the profile: add --i-know if that is what your platform does',
    );
  }
  if (!Number.isFinite(flags.settle) || flags.settle < 0 || flags.settle > MAX_SETTLE_S) {
    throw new UsageError(`--settle ${flags.settle}: it must be a number of seconds`);
  }
  if (flags.cycles > 1000) throw new UsageError(`--cycles ${flags.cycles}: at most 1000`);
  if (flags.browser === '') throw new UsageError('--browser: it must be a path');
}

/** How a bot that was started this way is stopped. */
const STOPS: Readonly<Partial<Record<Launch['kind'], string>>> = {
  compose: 'docker compose stop',
  dockerfile: 'docker stop CONTAINER',
  kubernetes: 'kubectl scale --replicas=0 …',
  pm2: 'pm2 stop NAME',
  systemd: 'systemctl stop UNIT',
  supervisor: 'supervisorctl stop NAME',
  npm: 'Ctrl-C where it was started',
};

function warning({ session, project, launches }: Subject, pair: boolean, width: number): string {
  const ways = [...new Set(launches.map(({ kind }) => STOPS[kind]).filter((way) => way !== undefined))];
  const how = ways.length === 0 ? '' : ` (${ways.join(', or ')})`;
  const lines = [
    ...paragraph(
      '',
      `This starts the library and the browser of the bot in ${project} on its session ${session}.`,
      width,
    ),
    ...paragraph('- ', `Stop the bot that uses this session first${how}: two at once damage it.`, width),
    ...paragraph('- ', 'Messages that arrive during the test may not reach the bot.', width),
    ...paragraph(
      '- ',
      pair
        ? 'Have the phone ready: WhatsApp > Linked devices > Link a device.'
        : 'A copy of the profile is made first.',
      width,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

async function ask(host: Host): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // readline keeps Ctrl-C for itself while it asks.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await terminal.question('Go on? [y/N] ', { signal: host.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

/** A line per event, with the time since the start; only on a terminal, never in CI. */
function narrator(host: Host): (step: VerifyStep) => void {
  if (!process.stderr.isTTY || host.env['CI'] !== undefined) return () => {};
  const start = host.clock();
  const say = (text: string) => host.err(`${seconds(host.clock() - start).padStart(8)}  ${visible(text)}\n`);
  return (step) => {
    if (step.kind === 'backup') say(`copy of the profile in ${step.path}`);
    else if (step.kind === 'run') say(`run ${step.n} of ${step.of}: starting the browser`);
    else if (step.kind === 'settling') say(`run ${step.n}: linked; waiting until it is on disk`);
    else if (step.kind === 'event') say(`run ${step.n}: ${step.event.name}`);
  };
}

/** `wa-doctor verify`. Returns the exit code. */
export async function verify(project: string | null, flags: VerifyFlags, host: Host): Promise<number> {
  checkFlags(flags);
  const result = flags.canary === true ? await byCanary(project, flags, host) : await live(project, flags, host);
  const clean = createRedactor().value(result);
  if (flags.json === true) host.out(jsonDocument(clean));
  else host.out(humanVerify(clean, await host.page(flags.color)));
  return host.signal.aborted ? EXIT.interrupted : EXIT_OF[result.verdict];
}

/** The live cycle, without any output of its own but progress and questions. */
export async function live(project: string | null, flags: VerifyFlags, host: Host): Promise<VerifyResult> {
  const subject = await findSubject(project, flags, host);
  const { width } = await host.page(false);
  const pair = flags.pair === true;
  const { verifyLive } = await import('../verify/cycle.ts');
  return await verifyLive({
    ...subject,
    cycles: flags.cycles,
    stop: flags.stop,
    timeoutMs: (flags.timeout ?? (pair ? PAIR_LIMIT_S : READY_LIMIT_S)) * 1000,
    settleMs: flags.settle * 1000,
    pair,
    backup: flags.backup,
    ownerGone: flags.ownerGone ?? null,
    signal: host.signal,
    progress: narrator(host),
    async confirm() {
      if (flags.yes === true) return true;
      host.err(warning(subject, pair, width));
      return process.stdin.isTTY === true && process.stderr.isTTY === true && (await ask(host));
    },
    showQr(text) {
      void import('qrcode').then(async (qrcode) => {
        const picture = await qrcode.default.toString(text, {
          type: 'terminal',
          small: true,
          errorCorrectionLevel: 'L',
        });
        host.err(`\n${picture}\nScan it: WhatsApp > Linked devices > Link a device\n`);
      });
    },
  });
}

async function byCanary(project: string | null, flags: VerifyFlags, host: Host): Promise<VerifyResult> {
  const subject = await findDataPath(project, flags, host);
  const { runCanary } = await import('../verify/canary.ts');
  const timeoutMs = (flags.timeout ?? READY_LIMIT_S) * 1000;
  return asVerify(await runCanary({ ...subject, step: 'cycle', useBrowser: true, timeoutMs, signal: host.signal }));
}

function asVerify(canary: CanaryResult): VerifyResult {
  return {
    schema: 'wa-doctor/verify@1',
    mode: 'canary',
    verdict: canary.verdict === 'planted' ? 'inconclusive' : canary.verdict,
    reason: canary.reason,
    advice: canary.advice,
    session: canary.dataPath,
    browser: canary.browser,
    library: null,
    runs: [],
    lostAt: null,
    profile: { before: null, after: null },
    backup: null,
    timings: { inspect: 0, backup: 0, runs: canary.timings.plant + canary.timings.check },
  };
}
