import type { Expression } from '../../model/expression.ts';
import type { SourceModule } from '../source/module.ts';
import { type Node, stringOf } from '../source/syntax.ts';
import { commandLineMember, commandLineText } from './command-line.ts';
import type { Args, Evaluator } from './evaluator.ts';
import { concat, constantOf } from './fold.ts';
import { envVarExpression, schemaCall, schemaMember } from './schemas.ts';
import { UNSTABLE_KEYS, UNSTABLE_PACKAGES, unstableIn } from './unstable.ts';
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

/** How a chain is written in tables: `path.join()`, `new global:Date()`, `global:process.env`. */
export function packageKey(value: PackageValue, steps: readonly Step[] = value.steps): string {
  let key = value.name;
  for (const step of steps) key = step.kind === 'get' ? `${key}.${step.name}` : `${step.isNew ? 'new ' : ''}${key}()`;
  return key;
}

function extend(value: PackageValue, step: Step): PackageValue {
  const suffix = step.kind === 'get' ? `.${step.name}` : '';
  return { ...value, steps: [...value.steps, step], text: `${value.text}${suffix}` };
}

const ENVIRONMENTS = new Set(['global:process.env', 'global:import.meta.env', 'global:Bun.env']);

/** Is this the environment of the process? */
export function isEnvironment(value: Value): boolean {
  return value.kind === 'package' && ENVIRONMENTS.has(packageKey(value));
}

function environmentVariable(name: string, at: string): Value {
  return scalar({ kind: 'env', name, at });
}

/** A property of something that a package provides. `name` is an expression where the source computes it. */
export function packageMember(evaluator: Evaluator, value: PackageValue, name: string | Expression): Value {
  if (typeof name !== 'string') {
    if (packageKey(value) === 'global:process.argv') {
      return scalar({ kind: 'call', name: 'argv', args: [name], at: value.at });
    }
    return dynamic(value.text, value.at);
  }
  // `import x from` and `require(…).default` of a package mean the package.
  if (name === 'default' && value.steps.length === 0) return value;
  const key = packageKey(value);
  if (ENVIRONMENTS.has(key)) return environmentVariable(name, value.at);
  switch (key) {
    case 'global:globalThis':
    case 'global:global':
      return { ...value, name: `global:${name}`, text: name };
    case 'global:process.argv':
      if (/^\d+$/.test(name)) {
        return scalar({ kind: 'call', name: 'argv', args: [{ kind: 'literal', value: Number(name) }], at: value.at });
      }
      break;
    case 'global:import.meta': {
      const file = value.at.slice(0, value.at.lastIndexOf(':'));
      if (name === 'dirname' || name === 'dir') return scalar({ kind: 'dirname', file, at: value.at });
      if (name === 'url' || name === 'filename' || name === 'path')
        return scalar({ kind: 'filename', file, at: value.at });
      break;
    }
    case 'app-root-path':
      if (name === 'path') return scalar({ kind: 'dirname', file: 'package.json', at: value.at });
      break;
    case 'global:Number.NaN':
      return UNDEFINED;
  }
  if (value.library && value.steps.length === 0) return extend(value, { kind: 'get', name });
  return (
    schemaMember(evaluator, value, name) ??
    commandLineMember(evaluator, value, name) ??
    extend(value, { kind: 'get', name })
  );
}

/** A call of something that a package provides. */
export function packageCall(
  evaluator: Evaluator,
  callee: PackageValue,
  args: Args,
  imported: (module: SourceModule, specifier: string, node: Node) => Value,
): Value {
  const key = packageKey(callee);
  const [first, second] = args.args;
  switch (key) {
    case 'global:require': {
      const specifier = args.node.type === 'CallExpression' ? stringOf(args.node.arguments[0]) : null;
      if (specifier !== null) return imported(args.module, specifier, args.node);
      break;
    }
    case 'module.createRequire':
    case 'module.Module.createRequire':
      return { ...callee, name: 'global:require', steps: [], text: 'require' };
    case 'global:Object.freeze':
    case 'global:Object.seal':
    case 'global:structuredClone':
    case 'global:Promise.resolve':
    case 'lodash.cloneDeep':
      return first?.() ?? UNDEFINED;
    case 'global:Object.assign':
    case 'lodash.merge':
    case 'lodash.assign':
    case 'lodash.defaultsDeep':
    case 'deepmerge':
      return assign(args);
    case 'global:JSON.parse': {
      const file = first === undefined ? null : jsonFileOf(evaluator, first());
      if (file !== null) return file;
      break;
    }
  }
  const called = extend(callee, {
    kind: 'call',
    isNew: args.isNew,
    args: args.args,
    open: args.open,
    module: args.module,
    node: args.node,
    frames: args.frames,
  });
  if (second === undefined && first === undefined && key === 'app-root-path') return called;
  const withText = { ...called, text: args.module.text(args.node), at: evaluator.at(args.module, args.node) };
  return schemaCall(evaluator, withText) ?? withText;
}

function assign(args: Args): Value {
  const props = new Map<string, Thunk>();
  let open: string | null = args.open ? 'more arguments' : null;
  for (const argument of args.args) {
    const value = argument();
    if (value.kind === 'object') {
      for (const [name, thunk] of value.props) props.set(name, thunk);
      open ??= value.open;
    } else if (value.kind !== 'scalar' || constantOf(value.expr) === null) open ??= args.module.text(args.node);
  }
  return { kind: 'object', props, open };
}

/** `JSON.parse(fs.readFileSync(path.join(__dirname, 'config.json')))` where the file lies in the project. */
function jsonFileOf(evaluator: Evaluator, value: Value): Value | null {
  if (value.kind !== 'package') return null;
  const last = value.steps.at(-1);
  if (
    last?.kind !== 'call' ||
    !/^(fs|fs-extra|fs\/promises)(\.promises)?\.readFile(Sync)?\(\)$/.test(packageKey(value))
  ) {
    return null;
  }
  const [path] = last.args;
  if (path === undefined) return null;
  const file = projectFile(evaluator.expression(path()));
  if (file === null) return null;
  const json = evaluator.tree.json(file);
  return json === undefined ? null : jsonValue(json, `${file}:1`);
}

/** The project file that an expression names when it is fixed by the source, relative to the project. */
export function projectFile(expr: Expression): string | null {
  const parts: string[] = [];
  const add = (part: Expression, depth: number): boolean => {
    if (depth > 8) return false;
    switch (part.kind) {
      case 'literal':
        parts.push(String(part.value));
        return true;
      case 'cwd':
        return true;
      case 'dirname':
        parts.push(part.file.includes('/') ? part.file.slice(0, part.file.lastIndexOf('/')) : '');
        return true;
      case 'join':
      case 'resolve':
      case 'concat':
        return part.parts.every((one) => add(one, depth + 1));
      default:
        return false;
    }
  };
  if (!add(expr, 0)) return null;
  const stack: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (stack.pop() === undefined) return null;
    } else stack.push(part);
  }
  return stack.length === 0 ? null : stack.join('/');
}

/** Methods of texts whose result is known when the text and the arguments are. */
const TEXT_METHODS = new Set([
  'trim',
  'toLowerCase',
  'toUpperCase',
  'toString',
  'valueOf',
  'trimEnd',
  'trimStart',
  'normalize',
]);

/** A method of a built-in value (text, list, object); `null`: not one that is known. */
export function builtinCall(
  evaluator: Evaluator,
  target: Value,
  name: string,
  { args, module, node }: Args,
): Value | null {
  const at = evaluator.at(module, node);
  if (target.kind === 'array') {
    if (name === 'join' && target.open === null) {
      const separator = args[0] === undefined ? ',' : constantOf(evaluator.expression(args[0]()))?.value;
      if (typeof separator !== 'string') return dynamic(module.text(node), at);
      const parts = target.items.flatMap((item, index): Expression[] => {
        const part = evaluator.expression(item());
        return index === 0 ? [part] : [{ kind: 'literal', value: separator }, part];
      });
      return scalar(concat(parts, at));
    }
    if (name === 'at' && args[0] !== undefined) {
      const index = constantOf(evaluator.expression(args[0]()))?.value;
      if (typeof index === 'number' && target.open === null) return target.items.at(index)?.() ?? UNDEFINED;
    }
    return dynamic(module.text(node), at);
  }
  if (target.kind !== 'scalar') {
    if (target.kind === 'package' && packageKey(target) === 'global:process.argv' && name === 'indexOf' && args[0]) {
      return scalar({ kind: 'call', name: 'argv-index', args: [evaluator.expression(args[0]())], at });
    }
    if (target.kind === 'package' && packageKey(target) === 'global:process.argv' && name === 'includes' && args[0]) {
      const index: Expression = { kind: 'call', name: 'argv-index', args: [evaluator.expression(args[0]())], at };
      return scalar({ kind: 'not-equal', left: index, right: { kind: 'literal', value: -1 } });
    }
    if (target.kind === 'branch') {
      const then = lazy(
        () =>
          builtinCall(evaluator, target.truthy(), name, { args, module, node } as Args) ??
          dynamic(module.text(node), at),
      );
      const otherwise = lazy(
        () =>
          builtinCall(evaluator, target.falsy(), name, { args, module, node } as Args) ??
          dynamic(module.text(node), at),
      );
      return isText(target) ? { kind: 'branch', test: target.test, truthy: then, falsy: otherwise } : null;
    }
    return null;
  }
  const { expr } = target;
  if (expr.kind === 'unknown' || expr.kind === 'unstable') return target;
  if (TEXT_METHODS.has(name)) return scalar({ kind: 'call', name, args: [expr], at });
  if (name === 'concat') return scalar(concat([expr, ...args.map((part) => evaluator.expression(part()))], at));
  if (name === 'replace' || name === 'replaceAll') {
    const given = args.map((part) => evaluator.expression(part()));
    const pattern = regexOf(node);
    const [from, to] = given;
    if (to?.kind === 'literal' && (pattern !== null || from?.kind === 'literal')) {
      const source: Expression = pattern === null ? (from as Expression) : { kind: 'literal', value: pattern };
      return scalar({ kind: 'call', name: pattern === null ? name : 'replace-pattern', args: [expr, source, to], at });
    }
  }
  const found = unstableIn(expr);
  if (found !== null) return scalar({ ...found, text: module.text(node), at });
  return dynamic(module.text(node), at);
}

function isText(value: Value, depth = 0): boolean {
  if (value.kind === 'branch')
    return depth < 6 && isText(value.truthy(), depth + 1) && isText(value.falsy(), depth + 1);
  return value.kind === 'scalar';
}

/** The regular expression that is the first argument, as `/…/flags`. */
function regexOf(node: Node): string | null {
  if (node.type !== 'CallExpression') return null;
  const [first] = node.arguments;
  if (first?.type !== 'Literal' || !('regex' in first) || first.regex == null) return null;
  return `/${first.regex.pattern}/${first.regex.flags}`;
}

const JOINS = new Set(['path.join()', 'path.posix.join()', 'upath.join()', 'pathe.join()']);
const RESOLVES = new Set(['path.resolve()', 'path.posix.resolve()', 'upath.resolve()', 'pathe.resolve()']);
/** Functions of one argument, and the name under which the expression is evaluated. */
const OPERATORS: Readonly<Record<string, string>> = {
  'path.dirname()': 'dirname',
  'path.posix.dirname()': 'dirname',
  'path.basename()': 'basename',
  'path.normalize()': 'normalize',
  'path.posix.normalize()': 'normalize',
  'path.toNamespacedPath()': 'identity',
  'url.fileURLToPath()': 'identity',
  'url.pathToFileURL()': 'identity',
  'fs.realpathSync()': 'identity',
  'global:String()': 'toString',
  'global:Number()': 'number',
  'global:parseInt()': 'integer',
  'global:Number.parseInt()': 'integer',
  'global:parseFloat()': 'number',
  'global:Boolean()': 'boolean',
  'untildify()': 'untildify',
  'expand-tilde()': 'untildify',
};

/** What a chain from a package is as an expression. */
export function packageExpression(evaluator: Evaluator, value: PackageValue): Expression {
  const { at, text, steps } = value;
  const key = packageKey(value);
  const last = steps.at(-1);
  const args = last?.kind === 'call' ? last.args.map((part) => lazy(() => part())) : [];
  const expressions = (): Expression[] => args.map((part) => evaluator.expression(part()));
  const open = last?.kind === 'call' && last.open;

  if (key === 'global:process.cwd()' || key === 'process.cwd()') return { kind: 'cwd', at };
  if (key === 'os.homedir()' || key === 'os.userInfo().homedir' || key === 'osenv.home()')
    return { kind: 'homedir', at };
  if (key === 'os.tmpdir()' || key === 'temp-dir') return { kind: 'tmpdir', at };
  if (!open) {
    if (JOINS.has(key)) return { kind: 'join', parts: expressions(), at };
    if (RESOLVES.has(key)) return { kind: 'resolve', parts: expressions(), at };
    if (key === 'app-root-path.resolve()') {
      return { kind: 'join', parts: [{ kind: 'dirname', file: 'package.json', at }, ...expressions()], at };
    }
    const operator = Object.hasOwn(OPERATORS, key) ? OPERATORS[key] : undefined;
    const operand = args[0];
    if (operator !== undefined && operand !== undefined) {
      return { kind: 'call', name: operator, args: [evaluator.expression(operand())], at };
    }
  }
  if (key === 'app-root-path' || key === 'app-root-path.toString()')
    return { kind: 'dirname', file: 'package.json', at };
  if (/^new (global:|url\.)URL\(\)(\.pathname|\.href|\.toString\(\))?$/.test(key)) {
    const call = steps.find((step) => step.kind === 'call');
    const relative = call?.kind === 'call' ? call.args[0] : undefined;
    const base = call?.kind === 'call' ? call.args[1] : undefined;
    const from = base === undefined ? null : evaluator.expression(base());
    if (relative !== undefined && from?.kind === 'filename') {
      return { kind: 'join', parts: [{ kind: 'dirname', file: from.file, at }, evaluator.expression(relative())], at };
    }
  }
  if (key === 'global:process.env.HOME') return { kind: 'homedir', at };

  // Anything that is made from an unstable beginning is unstable.
  for (let length = 0; length <= steps.length; length++) {
    const prefix = steps.slice(0, length);
    const prefixKey = packageKey(value, prefix);
    if (prefixKey === 'new global:Date()' || prefixKey === 'moment()' || prefixKey === 'dayjs()') {
      const made = prefix.at(-1);
      if (made?.kind === 'call' && made.args.length > 0) continue;
    }
    const cause =
      (Object.hasOwn(UNSTABLE_KEYS, prefixKey) ? UNSTABLE_KEYS[prefixKey] : undefined) ??
      (prefix.at(-1)?.kind === 'call' && Object.hasOwn(UNSTABLE_PACKAGES, value.name)
        ? UNSTABLE_PACKAGES[value.name]
        : undefined);
    if (cause !== undefined) return { kind: 'unstable', cause, text, at };
  }
  const argument = envVarExpression(evaluator, value) ?? commandLineText(evaluator, value);
  if (argument !== null) return argument;
  for (const step of steps) {
    if (step.kind !== 'call') continue;
    for (const part of step.args) {
      const made = part();
      const found = made.kind === 'scalar' || made.kind === 'package' ? unstableIn(evaluator.expression(made)) : null;
      if (found !== null) return { ...found, text, at };
    }
  }
  if (steps.length === 0 && !value.name.startsWith('global:')) {
    return { kind: 'unknown', text, reason: `it is the package ${value.name}`, at };
  }
  return { kind: 'dynamic', text, at };
}
