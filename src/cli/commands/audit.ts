import { Command, Option } from 'commander';
import { collect, FORMATS, withMachineFlags, withOutputFlags, withPolicyFlags, withProjectFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

export const auditCommand: DefineCommand = (host, exit) =>
  withOutputFlags(withPolicyFlags(withMachineFlags(withProjectFlags(new Command('audit')))))
    .description('judge whether the session of the bot in PROJECT survives, and say what to change')
    .argument('[project]', 'directory of the bot (default: the working directory)')
    .option('--facts <file>', 'judge the facts in FILE instead of a machine')
    .option('--facts-out <file>', 'write the facts to FILE and stop')
    .option('--format <format[=file]>', `${FORMATS.join(', ')}; to standard output or FILE (repeatable)`, collect)
    .option('--show-suppressed', 'show suppressed findings too')
    .option('--baseline-out <file>', 'write the findings of this run to FILE, for --baseline')
    .addOption(
      new Option(
        '--verify [how]',
        'try a restart too: live (default; starts the bot’s browser on the session) or canary',
      ).choices(['live', 'canary']),
    )
    .option('-y, --yes', 'do not ask before --verify')
    .option('--timings', 'say on standard error how long each fact took')
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing to report, 1 findings, 2 wrong use, 3 could not tell (or no bot here), 70 the doctor crashed, 130 interrupted

Examples:
  wa-doctor audit
  wa-doctor audit /srv/bot --json | jq .verdict
  wa-doctor audit --target repo --fail-on warning
  wa-doctor audit --baseline-out known.json  then, from now on: wa-doctor audit --baseline known.json
  wa-doctor audit --format sarif=out.sarif --format junit=out.xml
  wa-doctor audit --pid 4711             the bot that runs as process 4711
  wa-doctor audit --facts-out host.json  then, elsewhere: wa-doctor audit --facts host.json`,
    )
    .action(async (project: string | undefined, flags) => {
      const { audit } = await import('../audit.ts');
      exit(await audit(project ?? null, flags, host));
    });
