import type { Expression } from '../../model/expression.ts';

type Unstable = Extract<Expression, { kind: 'unstable' }>;

/** Packages whose every result is new. */
export const UNSTABLE_PACKAGES: Readonly<Record<string, string>> = {
  uuid: 'a new uuid',
  nanoid: 'a new random id',
  'nanoid/non-secure': 'a new random id',
  shortid: 'a new random id',
  cuid: 'a new random id',
  '@paralleldrive/cuid2': 'a new random id',
  ulid: 'a new random id',
  ulidx: 'a new random id',
  ksuid: 'a new random id',
  uniqid: 'a new random id',
  'short-uuid': 'a new uuid',
  'uuid-random': 'a new uuid',
  'crypto-random-string': 'random text',
  'random-words': 'random text',
};

/** Calls and properties of node and the language that differ at every start. Keys as `packageKey` writes them. */
export const UNSTABLE_KEYS: Readonly<Record<string, string>> = {
  'crypto.randomUUID()': 'a new uuid',
  'crypto.randomBytes()': 'random bytes',
  'crypto.randomInt()': 'a random number',
  'crypto.webcrypto.randomUUID()': 'a new uuid',
  'global:crypto.randomUUID()': 'a new uuid',
  'global:Math.random()': 'a random number',
  'global:Date.now()': 'the time',
  'global:Date()': 'the time',
  'new global:Date()': 'the time',
  'global:performance.now()': 'the time',
  'perf_hooks.performance.now()': 'the time',
  'global:process.hrtime()': 'the time',
  'global:process.hrtime.bigint()': 'the time',
  'global:process.uptime()': 'the time',
  'global:process.pid': 'the process id',
  'global:process.ppid': 'the process id',
  'os.hostname()': 'the host name',
  'os.uptime()': 'the time',
  'moment()': 'the time',
  'dayjs()': 'the time',
  'moment.now()': 'the time',
};

/** The first unstable part of an expression that decides its value, or `null`. */
export function unstableIn(expr: Expression, depth = 0): Unstable | null {
  if (depth > 64) return null;
  switch (expr.kind) {
    case 'unstable':
      return expr;
    case 'concat':
    case 'join':
    case 'resolve':
      for (const part of expr.parts) {
        const found = unstableIn(part, depth + 1);
        if (found !== null) return found;
      }
      return null;
    case 'call':
      for (const part of expr.args) {
        const found = unstableIn(part, depth + 1);
        if (found !== null) return found;
      }
      return null;
    default:
      return null;
  }
}
