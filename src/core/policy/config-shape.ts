import { choice, either, flag, list, map, record, type Shape, text, type ValueOf } from '../document/shape.ts';
import { DAY, dayFault } from './days.ts';

const SEVERITIES = ['error', 'warning', 'info'] as const;

function day(about: string): Shape<string> {
  return text(about, { pattern: DAY, words: 'a day such as "2027-01-31"', judge: dayFault, examples: ['2027-01-31'] });
}

/**
 * The one definition of the config file: what is validated, and what schema/config-file@1.json publishes.
 * @param codes of all checks. @param platforms that may be declared.
 */
export function configShape(codes: readonly string[], platforms: readonly string[]) {
  const code = choice('Code of a check; wa-doctor checks lists them.', codes);
  const codeList = (about: string) => list(about, code, 'a list of check codes');
  return record(
    'What wa-doctor cannot see by itself, and what a team has agreed on. Flags win over this file.',
    {},
    {
      $schema: text('Address of this schema, for editors.'),
      target: choice('What is judged: this machine, or the repository wherever it will be deployed.', ['host', 'repo']),
      deploy: record(
        'How the bot is deployed.',
        {
          target: text(
            'The launch that is the deployed one, in words ("compose service bot") or by its id as wa-doctor path prints it. Other ways of starting the bot are then not judged; processes that run now are.',
            { examples: ['compose service bot', 'kubernetes deployment wa-bot', 'compose:docker-compose.yml#bot'] },
          ),
        },
        {},
      ),
      session: either(
        'Session directory (the one that holds Default/), or several; relative to the project. Where the bot really keeps its login, if the source does not tell.',
        text('A session directory.', { words: 'a path', examples: ['/data/wa/session'] }),
        list('Session directories.', text('A session directory.', { words: 'a path' }), 'a list of paths'),
      ),
      platform: choice('The hosting platform; its rules decide what its disks survive.', platforms),
      failOn: choice('Least severe finding that fails the run, inclusive.', [...SEVERITIES, 'never']),
      show: choice('Least severe finding that is shown, inclusive.', SEVERITIES),
      only: codeList('Run only these checks.'),
      skip: codeList('Run all but these checks.'),
      severity: map(
        'Severity of all findings of a check; "off": the check is not run.',
        codes,
        choice('The severity.', [...SEVERITIES, 'off']),
        'check',
      ),
      suppressions: list(
        'Accepted risks: findings that do not fail the run, each with a reason. They stay counted and can be shown.',
        record(
          'Suppresses the findings of one check: all of them, or those that fit everything given.',
          { code, reason: text('Why this is accepted; for whoever reads it next year.') },
          {
            until: day('Last day on which it holds (UTC). Afterwards the finding is back, and the report says so.'),
            path: text('Glob on the file of the finding, relative to the project.', { examples: ['src/tools/**'] }),
            session: text('Session directory that the finding is about; relative to the project.', { words: 'a path' }),
            fingerprint: text('Exactly one finding, by its fingerprint in the JSON report.', {
              pattern: /^[0-9a-f]{16}$/,
              words: 'a fingerprint of 16 hexadecimal digits',
            }),
          },
        ),
        'a list of suppressions',
      ),
      baseline: text('Baseline file, relative to the project: findings in it are known and do not fail the run.', {
        words: 'a path',
      }),
      allowUnknown: either(
        'Checks that may be unable to look without failing the run.',
        flag('true: all of them.'),
        codeList('These.'),
      ),
      allowNoBot: flag('Exit 0 where there is no bot.'),
      inlineIgnores: flag('Do comments of the form wa-doctor-ignore suppress findings? Default: true.'),
    },
  );
}

/** The config file as it is read. */
export type ConfigFile = ValueOf<ReturnType<typeof configShape>>;
