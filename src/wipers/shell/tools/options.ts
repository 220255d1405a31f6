import type { Call } from '../shell.ts';

export interface Operand {
  readonly text: string;
  readonly raw: string;
}

export interface Options {
  /** Short letters and long names (without dashes) that were given; a value where one belongs to it. */
  readonly flags: ReadonlyMap<string, string>;
  readonly operands: readonly Operand[];
}

/**
 * Read arguments as getopt_long does: bundles, `--name=value`, options anywhere, `--`.
 * @param valued short letters and long names that take a value
 * @param stopEarly options end at the first operand (sudo, env, xargs, …)
 */
export function readOptions(call: Call, valued: ReadonlySet<string>, stopEarly = false): Options {
  const flags = new Map<string, string>();
  const operands: Operand[] = [];
  const { args, raws } = call;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const operand = { text: arg, raw: raws[at] ?? arg };
    if (arg === '--') {
      for (let rest = at + 1; rest < args.length; rest += 1) {
        const text = args[rest] ?? '';
        operands.push({ text, raw: raws[rest] ?? text });
      }
      break;
    }
    if (arg.startsWith('--')) {
      const equals = arg.indexOf('=');
      const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
      if (equals >= 0) flags.set(name, arg.slice(equals + 1));
      else if (valued.has(name)) {
        flags.set(name, args[at + 1] ?? '');
        at += 1;
      } else flags.set(name, '');
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let index = 1; index < arg.length; index += 1) {
        const letter = arg.charAt(index);
        if (!valued.has(letter)) {
          flags.set(letter, '');
          continue;
        }
        if (index + 1 < arg.length) flags.set(letter, arg.slice(index + 1));
        else {
          flags.set(letter, args[at + 1] ?? '');
          at += 1;
        }
        break;
      }
    } else {
      if (stopEarly) {
        for (let rest = at; rest < args.length; rest += 1) {
          const text = args[rest] ?? '';
          operands.push({ text, raw: raws[rest] ?? text });
        }
        break;
      }
      operands.push(operand);
    }
  }
  return { flags, operands };
}

export const NO_VALUES: ReadonlySet<string> = new Set();

/** The call with other words: for tools that run what follows them. */
export function reworded(call: Call, words: readonly Operand[]): Call | null {
  const [head, ...rest] = words;
  if (head === undefined) return null;
  return { ...call, name: head.text, args: rest.map(({ text }) => text), raws: rest.map(({ raw }) => raw) };
}
