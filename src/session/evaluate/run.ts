import type { Expression } from '../../model/expression.ts';
import type { AbsolutePath } from '../../model/path.ts';

/** The circumstances of one launch, as far as they decide a value. */
export interface EvaluationContext {
  /** Variables that are set. */
  readonly env: Readonly<Record<string, string>>;
  /** Why other variables may be set too, or `null`. */
  readonly envHidden: string | null;
  /** `null`: not fixed. */
  readonly cwd: AbsolutePath | null;
  /** Where the package root lies. */
  readonly packageAt: AbsolutePath | null;
  readonly home: AbsolutePath | null;
  readonly tmpdir: AbsolutePath;
  /** What follows the script on the command line; `null`: not known, taken as nothing. */
  readonly arguments: readonly string[] | null;
  /** Compiled files lie elsewhere than their source: `{ from: 'src', to: 'dist' }`, relative to the package root. */
  readonly compiled: { readonly from: string; readonly to: string } | null;
  /**
   * What `row.path || './sessions'` means: the run-time value (as `<path>`), or the default behind it. Client ids are mostly given,
   * data paths mostly not.
   */
  readonly prefer: 'default' | 'dynamic';
}

export type Plain = string | number | boolean | null | undefined;

export interface Evaluation {
  /** Parts that only the run can tell stand as `<name>`. Meaningless when `unknown` is set. */
  readonly value: Plain;
  /** Why there is no value, or `null`. */
  readonly unknown: string | null;
  /** How it came about: variables, defaults, places. One plain sentence each. */
  readonly trail: readonly string[];
  /** Every variable that the expression names, in order. */
  readonly env: readonly string[];
  /** Variables that decided and are not set. */
  readonly unset: readonly string[];
  /** The working directory decided. */
  readonly usesCwd: boolean;
  /** Set when a part differs at every start. */
  readonly unstable: { readonly cause: string; readonly text: string } | null;
  /** Texts of the parts that stand as `<name>`. */
  readonly dynamic: readonly string[];
  /** Why the value could differ at run time (a variable may be set elsewhere, an argument given), or `null`. */
  readonly uncertain: string | null;
}

const DEPTH_LIMIT = 200;

interface Result {
  readonly value: Plain;
  readonly unknown: string | null;
  readonly trail: readonly string[];
  readonly dynamic: boolean;
}

/** The short name of a run-time value, for use inside a path. */
export function placeholder(text: string): string {
  const plain = text.replace(/[?!]/g, '').replace(/\s+/g, ' ').trim();
  const member = /(?:^|[.\])])([A-Za-z_$][\w$]*)(?:\['?"?(\w+)"?'?\])?$/.exec(plain);
  const called = /([A-Za-z_$][\w$]*)\([^()]*\)$/.exec(plain) ?? /([A-Za-z_$][\w$]*)\(/.exec(plain);
  const name = member?.[2] ?? member?.[1] ?? called?.[1] ?? 'value';
  return `<${name.slice(0, 40)}>`;
}

export function isPlaceholder(text: string): boolean {
  return /^<[^<>]*>/.test(text);
}

/** Collapse `//`, `.` and `..` as `path.normalize` does, without making it absolute. */
export function normalizePath(path: string): string {
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part === '..' && absolute) continue;
    else parts.push(part);
  }
  return (absolute ? '/' : '') + parts.join('/') || '.';
}

function show(value: Plain): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

function places(at: string | undefined): string {
  return at === undefined ? '' : ` (${at})`;
}

/** Evaluate an expression for one launch. Never throws; bounded by the size of the expression. */
export function evaluateExpression(tree: Expression, context: EvaluationContext): Evaluation {
  const env = new Set<string>();
  const unset = new Set<string>();
  const dynamic: string[] = [];
  let usesCwd = false;
  let unstable: Evaluation['unstable'] = null;
  let uncertain: string | null = null;

  const known = (value: Plain, trail: readonly string[] = [], isDynamic = false): Result => ({
    value,
    unknown: null,
    trail,
    dynamic: isDynamic,
  });
  const fail = (reason: string, trail: readonly string[] = []): Result => ({
    value: undefined,
    unknown: reason,
    trail,
    dynamic: false,
  });

  /** The text of a part inside a longer one. */
  const partText = (expr: Expression, result: Result): string => {
    if (result.unknown !== null) {
      const text = 'text' in expr && expr.text !== '' ? expr.text : 'value';
      dynamic.push(text);
      return placeholder(text);
    }
    if (result.value === undefined || result.value === null) {
      const name = expr.kind === 'env' ? expr.name : 'value';
      dynamic.push(name);
      uncertain ??= expr.kind === 'env' ? `${expr.name} is not set by this launch` : 'a part of it is undefined';
      return `<${name}>`;
    }
    return String(result.value);
  };

  const cwd = (trail: readonly string[]): Result => {
    usesCwd = true;
    return context.cwd === null
      ? fail('the working directory is not fixed by this launch', trail)
      : known(context.cwd, [...trail, `working directory ${context.cwd}`]);
  };

  const fileOf = (file: string, at: string | undefined): Result => {
    if (context.packageAt === null) return fail('it is not known where the package lies in this launch');
    let path = file;
    const { compiled } = context;
    if (compiled !== null && (compiled.from === '' || path.startsWith(`${compiled.from}/`))) {
      const rest = compiled.from === '' ? path : path.slice(compiled.from.length + 1);
      path = compiled.to === '' ? rest : `${compiled.to}/${rest}`;
      path = path.replace(/\.([cm]?)tsx?$/, '.$1js');
    }
    const whole = normalizePath(`${context.packageAt}/${path}`);
    return known(whole, [`the file ${whole}${places(at)}`]);
  };

  const list = (
    parts: readonly Expression[],
    depth: number,
  ): { texts: string[]; trail: string[]; isDynamic: boolean; first: Result | null } => {
    const texts: string[] = [];
    const trail: string[] = [];
    let isDynamic = false;
    let first: Result | null = null;
    for (const part of parts) {
      const result = run(part, depth + 1);
      first ??= result;
      trail.push(...result.trail);
      isDynamic ||= result.dynamic;
      texts.push(partText(part, result));
    }
    return { texts, trail, isDynamic, first };
  };

  const run = (expr: Expression, depth: number): Result => {
    if (depth > DEPTH_LIMIT) return fail('it is nested too deeply');
    switch (expr.kind) {
      case 'literal':
        return known(
          expr.value,
          typeof expr.value === 'string' && expr.at !== undefined ? [`${show(expr.value)}${places(expr.at)}`] : [],
        );
      case 'undefined':
        return known(undefined);
      case 'env': {
        env.add(expr.name);
        const value = Object.hasOwn(context.env, expr.name) ? context.env[expr.name] : undefined;
        if (value !== undefined) return known(value, [`${expr.name}=${value}${places(expr.at)}`]);
        unset.add(expr.name);
        if (context.envHidden !== null) uncertain ??= `${expr.name} may be set: ${context.envHidden}`;
        return known(undefined, [`${expr.name} is not set${places(expr.at)}`]);
      }
      case 'cwd':
        return cwd([]);
      case 'dirname': {
        const file = fileOf(expr.file, expr.at);
        if (file.unknown !== null) return file;
        const text = String(file.value);
        return { ...file, value: text.slice(0, text.lastIndexOf('/')) || '/' };
      }
      case 'filename':
        return fileOf(expr.file, expr.at);
      case 'homedir':
        return context.home === null
          ? fail('the home directory of the user that runs it is not known')
          : known(context.home, [`home directory ${context.home}`]);
      case 'tmpdir': {
        const set = context.env['TMPDIR'];
        return known(set ?? context.tmpdir, [`temporary directory ${set ?? context.tmpdir}`]);
      }
      case 'concat': {
        const results = expr.parts.map((part) => ({ part, result: run(part, depth + 1) }));
        const numbers = results.map(({ result }) => result.value);
        if (
          results.length > 0 &&
          results.every(({ result }) => result.unknown === null && typeof result.value === 'number')
        ) {
          return known(numbers.reduce<number>((sum, value) => sum + Number(value), 0));
        }
        const isDynamic = results.some(({ result }) => result.dynamic || result.unknown !== null);
        const trail = results.flatMap(({ part, result }) => (part.kind === 'literal' ? [] : result.trail));
        const text = results.map(({ part, result }) => partText(part, result)).join('');
        return known(
          text,
          [...trail, ...(expr.at === undefined ? [] : [`${show(text)}${places(expr.at)}`])],
          isDynamic,
        );
      }
      case 'join': {
        const { texts, trail, isDynamic, first } = list(expr.parts, depth);
        if (first?.unknown != null && first.unknown !== '') return fail(first.unknown, trail);
        return known(
          texts.length === 0 ? '.' : normalizePath(texts.filter((text) => text !== '').join('/')),
          trail,
          isDynamic,
        );
      }
      case 'resolve':
        return resolve(expr.parts, depth);
      case 'call':
        return call(expr, depth);
      case 'or':
      case 'nullish': {
        const left = run(expr.left, depth + 1);
        if (left.unknown !== null || (left.dynamic && context.prefer === 'default' && isWholeDynamic(expr.left))) {
          return undecided(expr.left, left, expr.right, depth);
        }
        const takes = expr.kind === 'or' ? Boolean(left.value) : left.value != null;
        if (takes) return left;
        const right = run(expr.right, depth + 1);
        return {
          ...right,
          trail: [...left.trail, ...right.trail.map((step) => (step.startsWith('"') ? `default ${step}` : step))],
        };
      }
      case 'and': {
        const left = run(expr.left, depth + 1);
        if (left.unknown !== null) return fail(left.unknown, left.trail);
        return left.value ? run(expr.right, depth + 1) : left;
      }
      case 'conditional': {
        const test = run(expr.test, depth + 1);
        if (test.unknown === null && !test.dynamic) {
          const side = run(test.value ? expr.then : expr.otherwise, depth + 1);
          return { ...side, trail: [...test.trail, ...side.trail] };
        }
        return either(expr, depth);
      }
      case 'equal':
      case 'not-equal': {
        const left = run(expr.left, depth + 1);
        const right = run(expr.right, depth + 1);
        const broken = left.unknown ?? right.unknown;
        if (broken !== null) return fail(broken);
        if (left.dynamic || right.dynamic) return fail('it depends on a value that only the run can tell');
        const same = left.value === right.value || (left.value == null && right.value == null);
        return known(
          expr.kind === 'equal' ? same : !same,
          [...left.trail, ...right.trail].filter((step) => !step.startsWith('"')),
        );
      }
      case 'not': {
        const operand = run(expr.operand, depth + 1);
        if (operand.unknown !== null) return operand;
        return operand.dynamic
          ? fail('it depends on a value that only the run can tell')
          : known(!operand.value, operand.trail);
      }
      case 'unstable':
        unstable ??= { cause: expr.cause, text: expr.text };
        dynamic.push(expr.text);
        return known(placeholder(expr.text), [`${expr.text} is ${expr.cause}${places(expr.at)}`], true);
      case 'dynamic':
        dynamic.push(expr.text);
        return known(placeholder(expr.text), [`${expr.text} is known only at run time${places(expr.at)}`], true);
      default:
        return fail(expr.text === '' ? expr.reason : `${expr.text}: ${expr.reason}`, []);
    }
  };

  /** `left || right` where only the run can tell what `left` is. */
  const undecided = (leftExpr: Expression, left: Result, rightExpr: Expression, depth: number): Result => {
    const right = run(rightExpr, depth + 1);
    if (right.unknown !== null) return left.unknown === null ? left : right;
    const text = 'text' in leftExpr ? leftExpr.text : 'another value';
    if (context.prefer === 'dynamic' && left.unknown === null) return left;
    uncertain ??= `${text} may be given at run time`;
    return { ...right, trail: [...right.trail, `unless ${text} is given at run time`] };
  };

  const isWholeDynamic = (expr: Expression): boolean =>
    expr.kind === 'dynamic' ||
    ((expr.kind === 'or' || expr.kind === 'nullish') && isWholeDynamic(expr.left) && isWholeDynamic(expr.right)) ||
    (expr.kind === 'call' && expr.args[0] !== undefined && isWholeDynamic(expr.args[0]));

  const either = (expr: Extract<Expression, { kind: 'conditional' }>, depth: number): Result => {
    const then = run(expr.then, depth + 1);
    const otherwise = run(expr.otherwise, depth + 1);
    if (then.unknown === null && otherwise.unknown === null && then.value === otherwise.value) return then;
    const text =
      'text' in expr.test && expr.test.text !== '' ? expr.test.text : 'a condition that only the run can tell';
    if (then.unknown !== null || otherwise.unknown !== null) return fail(then.unknown ?? otherwise.unknown ?? text);
    if (context.prefer === 'dynamic') {
      // A text that is there or not: the run decides, the place stays the same.
      if (then.dynamic) return then;
      if (otherwise.dynamic) return otherwise;
    }
    return fail(`it is ${show(then.value)} or ${show(otherwise.value)}, which depends on ${text}`);
  };

  const resolve = (parts: readonly Expression[], depth: number): Result => {
    let path = '';
    const trail: string[] = [];
    let isDynamic = false;
    for (const [index, part] of parts.entries()) {
      const result = run(part, depth + 1);
      trail.push(...result.trail);
      isDynamic ||= result.dynamic;
      if (index === 0 && result.unknown !== null) return fail(result.unknown, trail);
      const text = partText(part, result);
      if (index === 0 && isPlaceholder(text)) return fail(`${text} is known only at run time`, trail);
      if (text.startsWith('/')) path = text;
      else if (text !== '') path = path === '' ? text : `${path}/${text}`;
    }
    if (path.startsWith('/')) return known(normalizePath(path), trail, isDynamic);
    const base = cwd(trail);
    if (base.unknown !== null) return base;
    return known(normalizePath(`${String(base.value)}/${path}`), base.trail, isDynamic);
  };

  const call = (expr: Extract<Expression, { kind: 'call' }>, depth: number): Result => {
    const [first, second, third] = expr.args;
    if (first === undefined) return fail(`${expr.name} without arguments`);
    if (expr.name === 'default' && second !== undefined) {
      const given = run(first, depth + 1);
      if (given.unknown !== null || (given.dynamic && context.prefer === 'default' && isWholeDynamic(first))) {
        return undecided(first, given, second, depth);
      }
      if (given.value !== undefined) return given;
      const other = run(second, depth + 1);
      return {
        ...other,
        trail: [...given.trail, ...other.trail.map((step) => (step.startsWith('"') ? `default ${step}` : step))],
      };
    }
    if (expr.name.startsWith('arg')) return argument(expr.name, first, depth);
    const operand = run(first, depth + 1);
    if (operand.unknown !== null) return operand;
    const { value } = operand;
    const text = value == null ? null : String(value);
    const give = (made: Plain): Result => ({ ...operand, value: made });
    switch (expr.name) {
      case 'identity':
        return give(text === null ? value : text.replace(/^file:\/\//, ''));
      case 'toString':
      case 'valueOf':
      case 'normalize':
        return give(text === null ? value : expr.name === 'normalize' ? normalizePath(text) : text);
      case 'trim':
      case 'trimStart':
      case 'trimEnd':
        return give(text?.trim());
      case 'toLowerCase':
        return operand.dynamic ? operand : give(text?.toLowerCase());
      case 'toUpperCase':
        return operand.dynamic ? operand : give(text?.toUpperCase());
      case 'dirname': {
        if (text === null) return fail('path.dirname of nothing');
        const path = normalizePath(text);
        const slash = path.lastIndexOf('/');
        return give(slash === -1 ? '.' : path.slice(0, slash) || '/');
      }
      case 'basename':
        return give(text === null ? value : normalizePath(text).split('/').at(-1));
      case 'number':
      case 'integer': {
        if (operand.dynamic) return operand;
        const number = expr.name === 'integer' ? Number.parseInt(text ?? '', 10) : Number(value);
        // NaN behaves as nothing everywhere that it matters here.
        return give(Number.isNaN(number) ? undefined : number);
      }
      case 'boolean':
        return operand.dynamic ? fail('it depends on a value that only the run can tell') : give(Boolean(value));
      case 'untildify':
        if (text === null || !text.startsWith('~')) return operand;
        return context.home === null
          ? fail('the home directory of the user that runs it is not known')
          : give(context.home + text.slice(1));
      case 'replace':
      case 'replaceAll':
      case 'replace-pattern': {
        if (operand.dynamic || text === null || second === undefined || third === undefined) return operand;
        const from = run(second, depth + 1).value;
        const to = run(third, depth + 1).value;
        if (typeof from !== 'string' || typeof to !== 'string') return operand;
        if (expr.name === 'replace') return give(text.replace(from, () => to));
        if (expr.name === 'replaceAll') return give(text.replaceAll(from, () => to));
        const simple = /^\/(\[[^\]\\]*(?:\\.[^\]\\]*)*\]|\\?[^\\(){}*+?|^$[\]])\+?\/([gi]*)$/.exec(from);
        if (simple === null || text.length > 4096) return fail(`a replacement by ${from}`);
        try {
          return give(text.replace(new RegExp(from.slice(1, from.lastIndexOf('/')), simple[2]), () => to));
        } catch {
          return fail(`a replacement by ${from}`);
        }
      }
      default:
        return fail(`the result of ${expr.name}`);
    }
  };

  /** `process.argv`: index 0 is node, 1 the script. */
  const argument = (name: string, operand: Expression, depth: number): Result => {
    const given = context.arguments ?? [];
    const key = run(operand, depth + 1).value;
    if (name === 'argv') {
      const index = Number(key);
      if (!Number.isInteger(index) || index < 2) return fail('process.argv at a place that is not known');
      const value = given[index - 2];
      return known(value, [value === undefined ? 'no such argument on the command line' : `argument ${value}`]);
    }
    const flag = String(key);
    if (name === 'argv-index') {
      const index = given.indexOf(flag);
      return known(index === -1 ? -1 : index + 2, [
        index === -1 ? `${flag} is not on the command line` : `${flag} is on the command line`,
      ]);
    }
    const index = given.findIndex((one) => one === flag || one.startsWith(`${flag}=`));
    if (index === -1) return known(undefined, [`${flag} is not on the command line`]);
    const written = given[index] ?? '';
    const value = written.includes('=') ? written.slice(written.indexOf('=') + 1) : given[index + 1];
    return known(value, [`${flag} ${value ?? ''} on the command line`]);
  };

  const result = run(tree, 0);
  return {
    value: result.value,
    unknown: result.unknown,
    trail: [...new Set(result.trail)],
    env: [...env],
    unset: [...unset],
    usesCwd,
    unstable,
    dynamic: [...new Set(dynamic)],
    uncertain,
  };
}

/** The variables that an expression names anywhere, decided or not, in source order. */
export function environmentOf(tree: Expression): string[] {
  const names = new Set<string>();
  const todo: Expression[] = [tree];
  for (let expr = todo.pop(); expr !== undefined; expr = todo.pop()) {
    if (expr.kind === 'env') names.add(expr.name);
    todo.push(...operandsOf(expr).reverse());
  }
  return [...names];
}

/** The expressions that an expression is made of. */
export function operandsOf(expr: Expression): Expression[] {
  switch (expr.kind) {
    case 'concat':
    case 'join':
    case 'resolve':
      return [...expr.parts];
    case 'call':
      return [...expr.args];
    case 'or':
    case 'nullish':
    case 'and':
    case 'equal':
    case 'not-equal':
      return [expr.left, expr.right];
    case 'conditional':
      return [expr.test, expr.then, expr.otherwise];
    case 'not':
      return [expr.operand];
    default:
      return [];
  }
}
