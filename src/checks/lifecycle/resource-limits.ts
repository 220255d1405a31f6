import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import type { Launch } from '../../model/launch.ts';

/**
 * What one browser takes before it shows anything: Chromium 156 headless under puppeteer 24.38 with an empty page, three runs on Debian,
 * 10 processes, 117 to 120 threads, 388 MiB (Pss). The pids controller counts threads (cgroup-v2.rst). WhatsApp Web takes more; how much
 * was not measured, so these are floors, rounded down.
 */
const TASKS_PER_SESSION = 100;
const MEMORY_PER_SESSION = 350 * 1024 * 1024;
/** node itself: 11 threads, measured with it. */
const TASKS_BESIDE = 11;
/** Docker's own /dev/shm is 64 MiB; Chromium's pages crash when it is full. */
const SHM_DEFAULT = 64 * 1024 * 1024;

const MIB = 1024 * 1024;
const mebibytes = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;

interface Shortage {
  readonly what: string;
  readonly message: string;
  readonly step: string;
  readonly confidence: 'high' | 'medium';
}

/** Does a container engine make /dev/shm, so that its size is known where nobody says one? */
function hasSmallShm({ kind, limits }: Launch): number | null {
  if (limits.shmBytes !== null) return limits.shmBytes;
  return kind === 'compose' || kind === 'dockerfile' ? SHM_DEFAULT : null;
}

function shortages(launch: Launch, sessions: number, usesShm: boolean): Shortage[] {
  const { pids, memoryBytes } = launch.limits;
  const many = sessions > 1 ? `${sessions} sessions` : 'one session';
  const found: Shortage[] = [];
  const tasks = TASKS_PER_SESSION * sessions + TASKS_BESIDE;
  if (pids !== null && pids < tasks)
    found.push({
      what: 'pids',
      confidence: 'medium',
      message: `${launch.id} may have ${pids} processes and threads; ${many} need ${tasks} and more: the browser does not start, or dies in the middle of its work`,
      step: `Raise pids_limit (TasksMax) to ${Math.ceil((2 * tasks) / 100) * 100} or take it away.`,
    });
  const memory = MEMORY_PER_SESSION * sessions;
  if (memoryBytes !== null && memoryBytes < memory)
    found.push({
      what: 'memory',
      confidence: 'medium',
      message: `${launch.id} may use ${mebibytes(memoryBytes)} of memory; ${many} need ${mebibytes(memory)} and more: the kernel kills the browser`,
      step: `Allow ${mebibytes(Math.ceil(memory / (512 * MIB)) * 512 * MIB)} or more, or run fewer sessions in one container.`,
    });
  const shm = hasSmallShm(launch);
  if (usesShm && shm !== null && shm < SHM_DEFAULT)
    found.push({
      what: 'shm',
      confidence: 'high',
      message: `/dev/shm of ${launch.id} holds ${mebibytes(shm)}: pages crash when it is full`,
      step: 'Set shm_size: 512m (compose), --shm-size (docker run), or start the browser with --disable-dev-shm-usage.',
    });
  else if (usesShm && shm !== null && shm === SHM_DEFAULT && sessions > 1)
    found.push({
      what: 'shm',
      confidence: 'medium',
      message: `/dev/shm of ${launch.id} holds ${mebibytes(shm)}, the engine's default, for ${many}: pages crash when it is full`,
      step: 'Set shm_size: 512m (compose), --shm-size (docker run), or start the browser with --disable-dev-shm-usage.',
    });
  return found;
}

export default defineCheck({
  code: 'WA406',
  name: 'resource-limits',
  family: 'lifecycle',
  severity: 'warning',
  needs: ['launches', 'sites', 'sessions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'Limits of processes, memory or /dev/shm are too small for the browsers of the sessions.',
  why:
    'A browser that the kernel kills is not closed: what it wrote last is lost, its lock stays, and some wrappers answer the error by ' +
    'deleting the session. A browser with an empty page takes 120 threads and 390 MiB (measured); Docker gives a container 64 MiB of /dev/shm.',
  fix: ['Raise the limit, set shm_size or --disable-dev-shm-usage, or run fewer sessions in one container.'],
  run({ launches, sites, sessions }) {
    const bots = sites.filter(({ role }) => role === 'bot');
    // puppeteer itself gives --disable-dev-shm-usage (ChromeLauncher.defaultArgs), so that /dev/shm decides only without its defaults.
    const usesShm = bots.some(
      ({ browser }) =>
        browser?.client?.['puppeteer.ignoreDefaultArgs'] !== undefined &&
        !browser.args.includes('--disable-dev-shm-usage'),
    );
    const findings: FindingDraft[] = [];
    for (const launch of launches) {
      const directories = new Set(
        sessions.filter((session) => session.launch === launch.id).map(({ userDataDir }) => userDataDir),
      );
      if (directories.size === 0) continue;
      for (const shortage of shortages(launch, directories.size, usesShm)) {
        findings.push({
          confidence: shortage.confidence,
          message: `${shortage.message}.`,
          event: 'the start of the browser, or load',
          locations:
            launch.file === null
              ? launch.pid === null
                ? []
                : [{ pid: launch.pid }]
              : [launch.line === null ? { file: launch.file } : { file: launch.file, line: launch.line }],
          evidence: [
            `${launch.id}: pids ${launch.limits.pids ?? 'not limited'}, memory ${launch.limits.memoryBytes === null ? 'not limited' : mebibytes(launch.limits.memoryBytes)}, /dev/shm ${launch.limits.shmBytes === null ? 'default' : mebibytes(launch.limits.shmBytes)}`,
          ],
          remediation: { summary: 'Give the browser room', steps: [shortage.step] },
          identity: [launch.id, shortage.what],
        });
      }
    }
    return { findings };
  },
});
