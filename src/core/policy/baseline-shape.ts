import { list, record, type Shape, text, type ValueOf } from '../document/shape.ts';
import { DAY, dayFault } from './days.ts';

export const BASELINE_SCHEMA = 'wa-doctor/baseline@1';

const nothing: Shape<null> = {
  words: 'null',
  schema: { type: 'null' },
  read: (node, at, fail) => (node.kind === 'null' ? null : void fail(at, 'it must be null')),
};

function orNull(shape: Shape<string>): Shape<string | null> {
  return {
    words: `${shape.words} or null`,
    schema: { anyOf: [shape.schema, nothing.schema] },
    read: (node, at, fail) => (node.kind === 'null' ? null : shape.read(node, at, fail)),
  };
}

/** The one definition of a baseline file: what is validated, and what schema/baseline@1.json publishes. */
export const BASELINE_SHAPE = record(
  'Findings that were there when this file was written (wa-doctor audit --baseline-out). They stay visible and do not fail the run.',
  {
    schema: text('Name and version of this format.', {
      pattern: /^wa-doctor\/baseline@1$/,
      words: `"${BASELINE_SCHEMA}"`,
    }),
    entries: list(
      'One for each finding.',
      record(
        'A finding.',
        {
          fingerprint: text('The same as long as the finding is; lines may move.', {
            pattern: /^[0-9a-f]{16}$/,
            words: 'a fingerprint of 16 hexadecimal digits',
          }),
          code: text('Code of its check.', { pattern: /^WA\d{3}$/, words: 'a check code such as WA101' }),
        },
        {
          message: text('What it was, for people.'),
          place: orNull(text('Where it was, for people.')),
          reason: orNull(text('Why it may stay; yours to fill in.')),
          until: orNull(
            text('Last day on which it is known (UTC); yours to fill in.', {
              pattern: DAY,
              words: 'a day such as "2027-01-31"',
              judge: dayFault,
            }),
          ),
        },
      ),
      'a list of entries',
    ),
  },
  {},
);

export type BaselineFile = ValueOf<typeof BASELINE_SHAPE>;
