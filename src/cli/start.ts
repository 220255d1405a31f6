import { EXIT } from '../core/exit-code.ts';
import { thisHost } from './host.ts';
import { run } from './main.ts';
import { VERSION } from './version.ts';

async function crash(error: unknown): Promise<never> {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { createRedactor } = await import('../core/redact.ts');
  const shown = createRedactor().text(text);
  process.stderr.write(
    `wa-doctor ${VERSION} stopped with an error of its own. Your bot and its session are untouched.\n${shown}\nPlease report it: https://github.com/wa-doctor/wa-doctor/issues\n`,
  );
  process.exit(EXIT.crash);
}

/** The program: called by bin/wa-doctor.js, which answers `--version` itself. */
export async function start(): Promise<void> {
  const args = process.argv.slice(2);
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  // A reader such as `head` that has seen enough is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    void crash(error);
  });
  const interrupt = new AbortController();
  let interrupts = 0;
  process.on('SIGINT', () => {
    interrupts += 1;
    if (interrupts > 1) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
  const code = await run(args, thisHost(interrupt.signal));
  // What was cut off may still be at work: nobody waits for it once the report is out.
  if (interrupt.signal.aborted) process.stdout.write('', () => process.exit(EXIT.interrupted));
  else process.exitCode = code;
}
