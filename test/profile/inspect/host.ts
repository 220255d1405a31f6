import type { Host } from '../../../src/cli/host.ts';
import { run } from '../../../src/cli/main.ts';
import { PLAIN } from '../../../src/report/text.ts';

/** Run the command line in this process, with a clock and a terminal of our own. */
export async function command(
  args: readonly string[],
  over: Partial<Host> = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const host: Host = {
    env: { PATH: '/usr/bin', HOME: '/nonexistent' },
    cwd: '/',
    platform: 'linux',
    uid: process.getuid?.() ?? null,
    interactive: false,
    now: Date.UTC(2026, 10, 25, 10, 0, 0),
    clock: () => 0,
    signal: new AbortController().signal,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    page: async () => ({ style: PLAIN, width: 100 }),
    ...over,
  };
  const code = await run(args, host);
  return { code, out, err };
}
