import type { Expression } from '../../model/expression.ts';
import { type Node, stringOf } from '../source/syntax.ts';
import type { Evaluator } from './evaluator.ts';
import { type PackageValue, type Step, scalar, type Value } from './value.ts';

/** Packages that read the command line, and how their chains end where a parsed option is read. */
const PARSERS: Readonly<Record<string, RegExp>> = {
  yargs: /(\.argv|\.parse\(\)|\.parseSync\(\)|\.parseAsync\(\))$/,
  'yargs/yargs': /(\.argv|\.parse\(\)|\.parseSync\(\)|\.parseAsync\(\))$/,
  'yargs-parser': /^yargs-parser\(\)$/,
  minimist: /^minimist\(\)$/,
  mri: /^mri\(\)$/,
  getopts: /^getopts\(\)$/,
  '@commander-js/extra-typings': /(\.opts\(\)|\.optsWithGlobals\(\))$/,
  commander: /(\.opts\(\)|\.optsWithGlobals\(\))$/,
  meow: /^meow\(\)\.flags$/,
  arg: /^arg\(\)$/,
  cac: /\.parse\(\)\.options$/,
  util: /^util\.parseArgs\(\)\.values$/,
};

/** `--session-path` from `sessionPath`. */
export function optionName(name: string): string {
  const kebab = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return kebab.length === 1 ? `-${kebab}` : `--${kebab.replace(/^-+/, '')}`;
}

function isCommander({ name }: PackageValue): boolean {
  return name === 'commander' || name === '@commander-js/extra-typings';
}

function chainText(value: PackageValue): string {
  let key = value.name;
  for (const step of value.steps) key = step.kind === 'get' ? `${key}.${step.name}` : `${key}()`;
  return key;
}

/** An option that was read from the command line; `null` when the chain is no parsed command line. */
export function commandLineMember(evaluator: Evaluator, value: PackageValue, name: string): Value | null {
  const ends = Object.hasOwn(PARSERS, value.name) ? PARSERS[value.name] : undefined;
  if (ends === undefined || name === '_' || !ends.test(chainText(value))) return null;
  const option: Expression = {
    kind: 'call',
    name: 'argument',
    args: [{ kind: 'literal', value: optionName(name) }],
    at: value.at,
  };
  const fallback = defaultOf(evaluator, value, name);
  if (fallback === null) return scalar(option);
  return scalar({ kind: 'call', name: 'default', args: [option, fallback], at: value.at });
}

/** The default that the parser's configuration gives an option. */
function defaultOf(evaluator: Evaluator, value: PackageValue, name: string): Expression | null {
  const kebab = optionName(name).replace(/^-+/, '');
  const names = [name, kebab];
  let found: Expression | null = null;
  const take = (made: Value | undefined): void => {
    if (made !== undefined && (made.kind !== 'scalar' || made.expr.kind !== 'undefined'))
      found = evaluator.expression(made);
  };
  value.steps.forEach((step: Step, index: number) => {
    if (step.kind !== 'call') return;
    const before = value.steps[index - 1];
    const method = before?.kind === 'get' ? before.name : '';
    const [first, second, third] = step.args;
    if (first === undefined) return;
    const head = first();
    if (head.kind === 'scalar' && head.expr.kind === 'literal') {
      const text = String(head.expr.value);
      if (method === 'default' && names.includes(text)) take(second?.());
      else if (method === 'option' && (names.includes(text) || hasFlag(text, kebab))) {
        const made = second?.();
        take(made?.kind === 'object' ? evaluator.get(made, 'default') : third?.());
      }
      return;
    }
    for (const [holder, key] of configurations(method, value.name)) {
      const source = step.args[holder]?.();
      if (source?.kind !== 'object') continue;
      const group = key === '' ? source : evaluator.get(source, key);
      if (group.kind !== 'object') continue;
      for (const candidate of names) {
        const item = group.props.get(candidate)?.();
        if (item === undefined) continue;
        take(item.kind === 'object' ? evaluator.get(item, 'default') : key === 'default' ? item : undefined);
      }
    }
  });
  if (found !== null || !isCommander(value)) return found;
  // `program.option('--path <dir>', 'text', './sessions')` as a statement of its own.
  const module = value.steps.find((step) => step.kind === 'call');
  if (module?.kind !== 'call') return null;
  for (const call of module.module.calls) {
    const { callee } = call;
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') continue;
    if (callee.property.name !== 'option' && callee.property.name !== 'requiredOption') continue;
    const flags = stringOf(call.arguments[0]);
    const fallback: Node | undefined = call.arguments[2];
    if (flags !== null && fallback !== undefined && hasFlag(flags, kebab)) {
      return evaluator.expression(evaluator.value(module.module, fallback, module.frames));
    }
  }
  return null;
}

function hasFlag(flags: string, kebab: string): boolean {
  return flags.split(/[\s,|=]+/).includes(`--${kebab}`);
}

/** Which argument of which call holds the options, and under which key. */
function configurations(method: string, name: string): (readonly [number, string])[] {
  if (name === 'minimist' || name === 'mri' || name === 'getopts' || name === 'yargs-parser') return [[1, 'default']];
  if (name === 'util') return [[0, 'options']];
  if (name === 'meow')
    return [
      [1, 'flags'],
      [0, 'flags'],
    ];
  if (method === 'options' || method === 'option') return [[0, '']];
  if (method === 'default') return [[0, '']];
  return [];
}

/** `commander`'s `program.path` (its old form) and what else names an option without being a member. */
export function commandLineText(_evaluator: Evaluator, value: PackageValue): Expression | null {
  if (!isCommander(value)) return null;
  const last = value.steps.at(-1);
  if (last?.kind !== 'get' || !/^[^.]+(\.program)?\.[a-z]\w+$/.test(chainText(value))) return null;
  return { kind: 'call', name: 'argument', args: [{ kind: 'literal', value: optionName(last.name) }], at: value.at };
}
