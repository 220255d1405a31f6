import { EXIT, reaches } from '../core/exit-code.ts';
import { createRedactor } from '../core/redact.ts';
import { collectFacts } from '../facts/graph.ts';
import { FACTS } from '../facts/index.ts';
import { type Machine, openMachine } from '../facts/machine.ts';
import { readOwners } from '../facts/owners.ts';
import { UsageError } from '../model/errors.ts';
import type { AccessFact } from '../model/facts.ts';
import type { Severity } from '../model/finding.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Profile } from '../model/profile.ts';
import { inspectProfile } from '../profile/inspect.ts';
import { nextBrowser } from '../profile/marks-browser.ts';
import { judgeLeftovers } from '../profile/remote-auth.ts';
import { type InspectDocument, inspectJson, inspectText } from '../report/inspect.ts';
import { jsonDocument } from '../report/json.ts';
import type { Host } from './host.ts';
import { type MachineFlags, machineOptions, type OutputFlags } from './options.ts';
import { chooseSession, findSessions } from './sessions.ts';

export interface InspectFlags extends MachineFlags, OutputFlags {
  readonly quick?: boolean;
  readonly showAccount?: boolean;
  readonly failOn?: Severity | 'never';
  /** Where `#n` is counted. */
  readonly in?: string;
}

/** A progress line only when it takes longer than this and a person watches. */
const PATIENCE_MS = 1000;
const PROGRESS_EVERY_MS = 200;
/** Sizes are not in the table, and walking a whole profile costs more than verifying a small login (measured: 6 ms of 9). */
const MANY = 20;

/** Says on standard error how far it is; the line is wiped at the end. */
function progress(host: Host, total: number): { step(done: number): void; end(): void } {
  const started = host.clock();
  let shown = Number.NEGATIVE_INFINITY;
  return {
    step(done) {
      const now = host.clock();
      if (!host.interactive || now - started < PATIENCE_MS || now - shown < PROGRESS_EVERY_MS) return;
      shown = now;
      host.err(`\rlooking into session ${done + 1} of ${total} …`);
    },
    end() {
      if (shown > 0) host.err('\r\x1b[K');
    },
  };
}

/** The session directories that the source of the project names; none when that cannot be told. */
export async function sessionsOfProject(machine: Machine, host: Host): Promise<AbsolutePath[]> {
  const { states } = await collectFacts(FACTS, ['sessions'], machine, host.signal);
  const sessions = states.sessions?.ok === true ? states.sessions.value : [];
  return sessions.map(({ userDataDir }) => userDataDir).filter((path) => path !== null);
}

function browserOf(machine: Machine, project: AbsolutePath) {
  const { PUPPETEER_EXECUTABLE_PATH: executable, HOME: home } = machine.env;
  return nextBrowser(machine.reader, {
    executable: executable?.startsWith('/') ? absolutePath(executable) : null,
    project,
    home: home?.startsWith('/') ? absolutePath(home) : null,
  });
}

/** `wa-doctor inspect`: is there a login in each profile, and is it whole? */
export async function inspect(typed: string | null, flags: InspectFlags, host: Host): Promise<number> {
  const numbered = typed?.startsWith('#') === true;
  const base = numbered ? (flags.in ?? null) : typed;
  const machine = await openMachine({ ...machineOptions(flags, base, host), target: 'host' });
  try {
    const path = machine.project;
    const found = await findSessions(machine, path, () => sessionsOfProject(machine, host));
    const wanted =
      numbered && typed !== null ? [chooseSession(typed, found, path)] : found.profiles.map((one) => one.path);
    if (found.kind === 'nothing' && found.profiles.length === 0 && found.gaps.length === 0) {
      const real = machine.reader.resolve(path);
      if (real.ok && !real.value.exists) throw new UsageError(`${typed ?? path}: there is no such directory`);
    }
    const owners = readOwners(machine.reader, { live: machine.live && machine.pid === null, env: machine.env });
    const next = browserOf(machine, path);
    const profiles: Profile[] = [];
    const line = progress(host, wanted.length);
    for (const session of wanted) {
      // An interrupt takes effect between two profiles; what is there is printed.
      await new Promise((resolve) => setImmediate(resolve));
      if (host.signal.aborted) break;
      line.step(profiles.length);
      profiles.push(
        await inspectProfile(machine.reader, owners, session, {
          depth: flags.quick === true ? 'quick' : 'full',
          sizes: wanted.length <= MANY,
          now: host.now,
          next,
          showAccount: flags.showAccount === true,
        }),
      );
    }
    line.end();
    const document: InspectDocument = {
      kind: found.kind,
      path,
      profiles,
      numbers: profiles.map((profile) => found.profiles.findIndex((one) => one.path === profile.path) + 1),
      countedIn: found.kind === 'profile' ? null : (base ?? '.'),
      leftovers: numbered ? [] : judgeLeftovers(machine.reader, found.leftovers),
      gaps: found.gaps,
      partial: profiles.length < wanted.length,
      now: host.now,
    };
    const redactor = createRedactor();
    if (flags.json === true) host.out(jsonDocument(redactor.value(inspectJson(document))));
    else host.out(inspectText(redactor.value(document), await host.page(flags.color)));
    return flags.failOn === undefined || flags.failOn === 'never' ? EXIT.ok : await judged(profiles, flags.failOn);
  } finally {
    machine.close();
  }
}

/** With `--fail-on` the checks of profiles decide. */
async function judged(profiles: readonly Profile[], failOn: Severity): Promise<number> {
  const { PROFILE_CHECKS } = await import('./profile-checks.ts');
  // No launch is looked at here: who runs the bot is not known.
  const access: AccessFact = { runsAsRoot: 'unknown', evidence: [], sessions: [] };
  let blind = false;
  for (const check of PROFILE_CHECKS) {
    const result = check.run({ profiles, access });
    if (result.findings.some(({ severity }) => reaches(severity ?? check.severity, failOn))) return EXIT.findings;
    blind ||= (result.unknown ?? []).length > 0;
  }
  return blind ? EXIT.unknown : EXIT.ok;
}
