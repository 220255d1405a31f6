import type { Expression } from '../../model/expression.ts';
import { memberName, stringOf } from '../source/syntax.ts';
import type { Evaluator } from './evaluator.ts';
import { nullish } from './fold.ts';
import {
  dynamic,
  jsonValue,
  lazy,
  type PackageValue,
  type Step,
  scalar,
  type Thunk,
  UNDEFINED,
  type Value,
} from './value.ts';

type CallStep = Extract<Step, { kind: 'call' }>;

/** Libraries whose schemas give variables their defaults, and the methods that apply a schema to a source. */
const APPLIES: Readonly<Record<string, ReadonlySet<string>>> = {
  zod: new Set(['parse', 'safeParse', 'parseAsync', 'safeParseAsync']),
  'zod/v4': new Set(['parse', 'safeParse', 'parseAsync', 'safeParseAsync']),
  joi: new Set(['validate', 'validateAsync', 'attempt']),
  '@hapi/joi': new Set(['validate', 'validateAsync']),
  yup: new Set(['validateSync', 'validate', 'cast']),
};

function methodBefore(steps: readonly Step[], index: number): string {
  const before = steps[index - 1];
  return before?.kind === 'get' ? before.name : '';
}

function lastCall(value: PackageValue): { readonly call: CallStep; readonly method: string } | null {
  const call = value.steps.at(-1);
  return call?.kind === 'call' ? { call, method: methodBefore(value.steps, value.steps.length - 1) } : null;
}

/** The fields of an object schema: `z.object({…}).extend({…})`. */
function fieldsOf(value: Value, depth = 0): Map<string, Thunk> {
  const fields = new Map<string, Thunk>();
  if (value.kind !== 'package' || depth > 8) return fields;
  value.steps.forEach((step, index) => {
    if (step.kind !== 'call') return;
    const method = methodBefore(value.steps, index);
    if (
      ![
        'object',
        'strictObject',
        'looseObject',
        'extend',
        'keys',
        'append',
        'shape',
        'merge',
        'concat',
        'safeExtend',
      ].includes(method)
    ) {
      return;
    }
    const given = step.args[0]?.();
    const more = given?.kind === 'object' ? given.props : given === undefined ? [] : fieldsOf(given, depth + 1);
    for (const [name, thunk] of more) fields.set(name, thunk);
  });
  return fields;
}

/** The default that a field's schema gives, `null` when it gives none. */
function defaultOf(evaluator: Evaluator, field: Value): Expression | null {
  if (field.kind !== 'package') return null;
  let found: Expression | null = null;
  field.steps.forEach((step, index) => {
    if (step.kind !== 'call') return;
    const method = methodBefore(field.steps, index);
    if (['default', 'catch', 'prefault', 'failover'].includes(method) && step.args[0] !== undefined) {
      const given = step.args[0]();
      // `.default(() => './sessions')`
      const made =
        given.kind === 'function'
          ? evaluator.invoke(given, {
              args: [],
              open: false,
              isNew: false,
              module: step.module,
              node: step.node,
              frames: step.frames,
            })
          : given;
      found = evaluator.expression(made);
    }
  });
  return found;
}

function objectOf(entries: Iterable<readonly [string, Thunk]>, open: string | null = null): Value {
  return { kind: 'object', props: new Map(entries), open };
}

/** What a call of a schema library gives; `null` when it is not one that is known. */
export function schemaCall(evaluator: Evaluator, value: PackageValue): Value | null {
  const last = lastCall(value);
  if (last === null) return null;
  const { call, method } = last;
  const applies = Object.hasOwn(APPLIES, value.name) ? APPLIES[value.name] : undefined;
  if (applies?.has(method) === true) {
    const [first, second] = call.args;
    if (first === undefined) return null;
    const schema: Value =
      method === 'attempt' && second !== undefined ? second() : { ...value, steps: value.steps.slice(0, -2) };
    const fields = fieldsOf(schema);
    if (fields.size === 0) return null;
    const source = lazy(() => first());
    const props = [...fields].map(([name, field]): [string, Thunk] => [
      name,
      lazy(() => {
        const given = evaluator.get(source(), name);
        const fallback = defaultOf(evaluator, field());
        return fallback === null ? given : evaluator.withDefault(given, () => scalar(fallback));
      }),
    ]);
    const parsed = objectOf(props);
    const wrapped = method.startsWith('safeParse')
      ? 'data'
      : method === 'validate' && value.name !== 'yup'
        ? 'value'
        : null;
    if (wrapped === null) return parsed;
    return objectOf([
      [wrapped, () => parsed],
      ['success', () => scalar({ kind: 'literal', value: true })],
      ['error', () => UNDEFINED],
    ]);
  }
  if (value.name === 'envalid' && /^(cleanEnv|customCleanEnv|validate)$/.test(method)) {
    return variables(
      evaluator,
      call.args[1]?.(),
      (field) => {
        const validator = field.kind === 'package' ? field.steps.at(-1) : undefined;
        const options = validator?.kind === 'call' ? validator.args[0]?.() : undefined;
        return options?.kind === 'object' ? evaluator.get(options, 'default') : UNDEFINED;
      },
      value.at,
    );
  }
  if (value.name === '@t3-oss/env-core' || value.name === '@t3-oss/env-nextjs') {
    const options = call.args[0]?.();
    if (options?.kind !== 'object') return null;
    return variables(
      evaluator,
      evaluator.get(options, 'server'),
      (field) => {
        const fallback = defaultOf(evaluator, field);
        return fallback === null ? UNDEFINED : scalar(fallback);
      },
      value.at,
    );
  }
  if (/^dotenv(-safe|-expand|-flow)?$/.test(value.name) && /^(config|load|expand)$/.test(method)) {
    return objectOf([
      ['parsed', () => environment(value)],
      ['error', () => UNDEFINED],
    ]);
  }
  if (method === 'get' || method === 'getOrThrow') return lookup(evaluator, value, call);
  return null;
}

function environment(value: PackageValue): Value {
  return {
    ...value,
    name: 'global:process',
    library: false,
    steps: [{ kind: 'get', name: 'env' }],
    text: 'process.env',
  };
}

function variables(
  evaluator: Evaluator,
  specification: Value | undefined,
  fallbackOf: (field: Value) => Value,
  at: string,
): Value | null {
  if (specification?.kind !== 'object') return null;
  const props = [...specification.props].map(([name, field]): [string, Thunk] => [
    name,
    lazy(() =>
      evaluator.withDefault(
        scalar({ kind: 'env', name, at }),
        lazy(() => fallbackOf(field())),
      ),
    ),
  ]);
  return objectOf(props, specification.open);
}

/** `convict(…).get('a.b')`, `config.get('a.b')`, `configService.get('NAME', default)`. */
function lookup(evaluator: Evaluator, value: PackageValue, call: CallStep): Value | null {
  const name = call.args[0] === undefined ? null : evaluator.expression(call.args[0]());
  if (name?.kind !== 'literal' || typeof name.value !== 'string') return null;
  const path = name.value;
  if (value.name === 'convict') {
    const schema = value.steps.find((step) => step.kind === 'call');
    let at: Value = schema?.kind === 'call' ? (schema.args[0]?.() ?? UNDEFINED) : UNDEFINED;
    for (const part of path.split('.')) at = evaluator.get(at, part);
    if (at.kind !== 'object') return null;
    const leaf = at;
    const variable = evaluator.expression(evaluator.get(leaf, 'env'));
    const fallback = evaluator.get(leaf, 'default');
    if (variable.kind !== 'literal' || typeof variable.value !== 'string') return fallback;
    return evaluator.withDefault(scalar({ kind: 'env', name: variable.value, at: value.at }), () => fallback);
  }
  if (value.name === 'config' && value.steps.length === 2) {
    let at: Value = configFile(evaluator);
    for (const part of path.split('.')) at = evaluator.get(at, part);
    const mapping = evaluator.tree.json('config/custom-environment-variables.json');
    let variable: Value = jsonValue(mapping, 'config/custom-environment-variables.json:1');
    for (const part of path.split('.')) variable = evaluator.get(variable, part);
    const mapped = evaluator.expression(variable);
    if (mapped.kind === 'literal' && typeof mapped.value === 'string') {
      return scalar(nullish({ kind: 'env', name: mapped.value, at: value.at }, evaluator.expression(at)));
    }
    return at;
  }
  if (value.name === '@nestjs/config' || value.name === 'nconf') {
    const variable: Value = /^[A-Z][A-Z0-9_]*$/.test(path)
      ? scalar({ kind: 'env', name: path, at: value.at })
      : (registered(evaluator, path) ?? dynamic(path, value.at));
    const fallback = call.args[1];
    if (fallback === undefined) return variable;
    const other = fallback();
    return other.kind === 'object' ? variable : evaluator.withDefault(variable, () => other);
  }
  return null;
}

/** Nest: what `registerAs('name', …)` and `ConfigModule.forRoot({ load: […] })` make of a dotted name. */
function registered(evaluator: Evaluator, path: string): Value | null {
  const [head = '', ...rest] = path.split('.');
  for (const file of evaluator.tree.filesHolding(['registerAs', 'ConfigModule'])) {
    const module = evaluator.tree.load(file);
    for (const call of module?.calls ?? []) {
      if (module === null || call.type !== 'CallExpression') continue;
      const { callee } = call;
      const [first, second] = call.arguments;
      const run = (made: Value, parts: readonly string[]): Value | null => {
        if (made.kind !== 'function') return null;
        let at = evaluator.invoke(made, { args: [], open: false, isNew: false, module, node: call, frames: new Map() });
        for (const part of parts) at = evaluator.get(at, part);
        return at.kind === 'scalar' && at.expr.kind === 'undefined' ? null : at;
      };
      if (
        callee.type === 'Identifier' &&
        callee.name === 'registerAs' &&
        second !== undefined &&
        stringOf(first) === head
      ) {
        const found = run(evaluator.value(module, second), rest);
        if (found !== null) return found;
      }
      if (callee.type !== 'MemberExpression' || memberName(callee) !== 'forRoot' || first === undefined) continue;
      const options = evaluator.value(module, first);
      const loaders = options.kind === 'object' ? evaluator.get(options, 'load') : null;
      for (const loader of loaders?.kind === 'array' ? loaders.items : []) {
        const found = run(loader(), [head, ...rest]);
        if (found !== null) return found;
      }
    }
  }
  return null;
}

/** What the `config` package reads: `config/default.*`. */
function configFile(evaluator: Evaluator): Value {
  const json = evaluator.tree.json('config/default.json');
  if (json !== undefined) return jsonValue(json, 'config/default.json:1');
  for (const file of ['config/default.js', 'config/default.cjs', 'config/default.mjs', 'config/default.ts']) {
    if (!evaluator.tree.files.includes(file)) continue;
    const module = evaluator.tree.load(file);
    const whole = module?.exports.get('=') ?? module?.exports.get('default');
    if (module !== null && module !== undefined && whole?.kind === 'node') return evaluator.value(module, whole.node);
    if (whole?.kind === 'binding') return evaluator.exported(file, 'default');
  }
  return dynamic('config');
}

/** A property of a chain of a schema library; `null`: not one that is known. */
export function schemaMember(evaluator: Evaluator, value: PackageValue, name: string): Value | null {
  // `env.get('NAME').default('x').asString()` of env-var: the last call is the value.
  if (value.name === 'config' && value.steps.length === 0 && !['get', 'has', 'util'].includes(name)) {
    return evaluator.get(configFile(evaluator), name);
  }
  return null;
}

/** env-var: `env.get('NAME').default('x').asString()`. */
export function envVarExpression(evaluator: Evaluator, value: PackageValue): Expression | null {
  if (value.name !== 'env-var') return null;
  let variable: Expression | null = null;
  let fallback: Expression | null = null;
  value.steps.forEach((step, index) => {
    if (step.kind !== 'call' || step.args[0] === undefined) return;
    const method = methodBefore(value.steps, index);
    const given = evaluator.expression(step.args[0]());
    if (method === 'get' && given.kind === 'literal')
      variable = { kind: 'env', name: String(given.value), at: value.at };
    if (method === 'default') fallback = given;
  });
  if (variable === null || fallback === null) return variable;
  return { kind: 'call', name: 'default', args: [variable, fallback], at: value.at };
}
