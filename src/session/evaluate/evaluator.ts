import type { Expression } from '../../model/expression.ts';
import type { SourceModule } from '../source/module.ts';
import {
  bare,
  type CallNode,
  type ClassNode,
  isClass,
  isFunction,
  keyName,
  type Node,
  type NodeOf,
  stringOf,
} from '../source/syntax.ts';
import type { SourceTree } from '../source/tree.ts';
import { readBinding, thisValue } from './bindings.ts';
import { classMember, instanceMember, superCallFrames } from './classes.ts';
import { concat, conditional, constantOf, equal, not, nullish, or } from './fold.ts';
import { callFunction } from './functions.ts';
import { builtinCall, packageCall, packageExpression, packageMember } from './packages.ts';
import { unstableIn } from './unstable.ts';
import {
  dynamic,
  type Frames,
  isThing,
  jsonValue,
  lazy,
  literal,
  type PackageValue,
  scalar,
  type Thunk,
  UNDEFINED,
  unknown,
  type Value,
} from './value.ts';

/** Deeper chains of definitions are not followed. Real bots need fewer than 40. */
const DEPTH_LIMIT = 160;
/** Steps that one question may take; the most expensive site of the 27 labelled bots took 3,000. */
const STEP_LIMIT = 20_000;

/** Arguments of a call, as the evaluator hands them on. */
export interface Args {
  readonly args: readonly Thunk[];
  readonly open: boolean;
  readonly isNew: boolean;
  readonly module: SourceModule;
  readonly node: Node;
  readonly frames: Frames;
}

/** Works out values of the project's source without running it. One question at a time; never throws. */
export interface Evaluator {
  readonly tree: SourceTree;
  /** The value of an expression, with the calls that lead to it. */
  value(module: SourceModule, node: Node, frames?: Frames): Value;
  get(value: Value, name: string, text?: string): Value;
  invoke(callee: Value, args: Args): Value;
  /** The value as an {@link Expression}; objects are `unknown`. File names in it are relative to the project. */
  expression(value: Value): Expression;
  /** What a condition says of a value. */
  test(value: Value): Expression;
  /** The value of `name` in a module's exports. */
  exported(file: string, name: string): Value;
  /** `value` unless it is undefined. */
  withDefault(value: Value, fallback: Thunk): Value;
  branch(test: Expression, then: Thunk, otherwise: Thunk): Value;
  at(module: SourceModule, node: Node): string;
  args(module: SourceModule, node: CallNode, frames: Frames): Args;
  /** Functions whose parameters were asked for while no call of them was known. Cleared by {@link Evaluator.begin}. */
  readonly unbound: Map<Node, SourceModule>;
  /** Start a new question. */
  begin(): void;
}

export const NO_FRAMES: Frames = new Map();

/** The names that the language and node provide without an import. */
const GLOBALS = new Set(
  'process global globalThis Object Array String Number Boolean Math Date JSON Promise crypto performance URL Buffer parseInt parseFloat console Map Set Symbol Error structuredClone encodeURIComponent decodeURIComponent Bun Deno'.split(
    ' ',
  ),
);

/** An evaluator over one source tree. */
export function createEvaluator(tree: SourceTree): Evaluator {
  let depth = 0;
  let steps = 0;
  const unbound = new Map<Node, SourceModule>();

  const value = (module: SourceModule, node: Node, frames: Frames = NO_FRAMES): Value => {
    if (depth >= DEPTH_LIMIT) return unknown(module.text(node), 'its definition is nested too deeply');
    if (++steps > STEP_LIMIT) return unknown(module.text(node), 'it takes too many steps to work out');
    depth++;
    try {
      return evaluate(module, bare(node), frames);
    } finally {
      depth--;
    }
  };

  const at = (module: SourceModule, node: Node): string => `${module.file}:${module.position(node.start).line}`;

  const packageValue = (name: string, library: boolean, text: string, place: string): PackageValue => ({
    kind: 'package',
    name,
    library,
    steps: [],
    text,
    at: place,
  });

  const globalValue = (module: SourceModule, node: Node & { name: string }): Value => {
    const { name } = node;
    if (name === 'undefined') return UNDEFINED;
    if (name === '__dirname') return scalar({ kind: 'dirname', file: module.file, at: at(module, node) });
    if (name === '__filename') return scalar({ kind: 'filename', file: module.file, at: at(module, node) });
    if (name === 'NaN' || name === 'Infinity') return literal(name === 'NaN' ? Number.NaN : Number.POSITIVE_INFINITY);
    if (name === 'require' || GLOBALS.has(name)) return packageValue(`global:${name}`, false, name, at(module, node));
    return dynamic(name, at(module, node));
  };

  /** The module or package that `specifier` names; what `require` gives. */
  const imported = (module: SourceModule, specifier: string, node: Node): Value => {
    const target = tree.resolve(module.file, specifier);
    switch (target.kind) {
      case 'source': {
        const loaded = tree.load(target.file);
        if (loaded === null) return unknown(specifier, `${target.file} could not be read`, at(module, node));
        const whole = loaded.exports.get('=');
        return whole?.kind === 'node' ? value(loaded, whole.node) : { kind: 'module', file: target.file };
      }
      case 'json':
        return jsonValue(tree.json(target.file), `${target.file}:1`);
      case 'package': {
        const whole = packageValue(packageName(target.name), target.library, specifier, at(module, node));
        // `whatsapp-web.js/src/authStrategies/LocalAuth`
        const inside = target.library
          ? /\/(LocalAuth|RemoteAuth|NoAuth|Client)(\.js)?$/.exec(specifier)?.[1]
          : undefined;
        return inside === undefined ? whole : { ...whole, steps: [{ kind: 'get', name: inside }] };
      }
      default:
        return unknown(specifier, `the module ${specifier} was not found`, at(module, node));
    }
  };

  const exported = (file: string, name: string): Value => exportedFrom(file, name, new Set());

  const exportedFrom = (file: string, name: string, seen: Set<string>): Value => {
    if (seen.has(file) || seen.size > 40) return UNDEFINED;
    seen.add(file);
    const module = tree.load(file);
    if (module === null) return unknown(name, `${file} could not be read`);
    const known = module.exports.get(name);
    if (known !== undefined) {
      if (known.kind === 'node') return value(module, known.node);
      if (known.kind === 'binding') {
        const binding = module.topScope.bindings.get(known.name);
        return binding === undefined ? UNDEFINED : readBinding(evaluator, module, binding, null, NO_FRAMES);
      }
      const target = tree.resolve(file, known.specifier);
      if (known.imported === '*') return imported(module, known.specifier, module.program);
      if (target.kind === 'source') return exportedFrom(target.file, known.imported, seen);
      return evaluator.get(imported(module, known.specifier, module.program), known.imported);
    }
    const whole = module.exports.get('=');
    if (whole?.kind === 'node') {
      const all = value(module, whole.node);
      return name === 'default' ? defaultOf(all) : evaluator.get(all, name);
    }
    for (const specifier of module.starExports) {
      const target = tree.resolve(file, specifier);
      if (target.kind === 'package' && target.library)
        return evaluator.get(imported(module, specifier, module.program), name);
      if (target.kind !== 'source') continue;
      const found = exportedFrom(target.file, name, seen);
      if (found.kind !== 'scalar' || found.expr.kind !== 'undefined') return found;
    }
    // A CommonJS module that is imported as a default.
    return name === 'default' ? { kind: 'module', file } : UNDEFINED;
  };

  /** `__esModule` interop: the default of an object that has one, else the object. */
  const defaultOf = (all: Value): Value => {
    if (all.kind === 'object' && all.props.has('default')) return evaluator.get(all, 'default');
    return all;
  };

  const importBinding = (module: SourceModule, declaration: Node): Value => {
    if (declaration.type === 'TSImportEqualsDeclaration') {
      const { moduleReference } = declaration;
      if (moduleReference.type === 'TSExternalModuleReference') {
        return imported(module, moduleReference.expression.value, declaration);
      }
      return unknown(module.text(declaration), 'a name space of TypeScript');
    }
    const statement = module.parent(declaration);
    if (statement?.type !== 'ImportDeclaration') return unknown(module.text(declaration), 'an import of an odd form');
    const specifier = statement.source.value;
    const target = tree.resolve(module.file, specifier);
    if (target.kind === 'source') {
      if (declaration.type === 'ImportNamespaceSpecifier') return { kind: 'module', file: target.file };
      if (declaration.type === 'ImportDefaultSpecifier') return exported(target.file, 'default');
      if (declaration.type === 'ImportSpecifier')
        return exported(target.file, keyName(declaration.imported, false) ?? '');
    }
    const whole = imported(module, specifier, statement);
    if (declaration.type !== 'ImportSpecifier') return whole;
    return evaluator.get(whole, keyName(declaration.imported, false) ?? '');
  };

  const get = (from: Value, name: string, text?: string): Value => {
    switch (from.kind) {
      case 'object': {
        const found = from.props.get(name);
        if (found !== undefined) return found();
        return from.open === null ? UNDEFINED : dynamic(text ?? name);
      }
      case 'array': {
        if (name === 'length') return from.open === null ? literal(from.items.length) : dynamic(text ?? name);
        const sure = /^\d+$/.test(name) && Number(name) < (from.solid ?? from.items.length);
        const item = sure ? from.items[Number(name)] : undefined;
        if (item !== undefined) return item();
        return from.open === null && /^\d+$/.test(name) ? UNDEFINED : dynamic(text ?? name);
      }
      case 'module':
        return exported(from.file, name);
      case 'class':
        return classMember(evaluator, from, name);
      case 'instance':
        return instanceMember(evaluator, from, name, text);
      case 'package':
        return packageMember(evaluator, from, name);
      case 'branch':
        return branch(
          from.test,
          lazy(() => get(from.truthy(), name, text)),
          lazy(() => get(from.falsy(), name, text)),
        );
      case 'function':
        return dynamic(text ?? name);
      default: {
        const { expr } = from;
        if (expr.kind === 'undefined') return UNDEFINED;
        if (expr.kind === 'unknown' || expr.kind === 'unstable') return from;
        return dynamic(text ?? name);
      }
    }
  };

  const branch = (test: Expression, then: Thunk, otherwise: Thunk): Value => {
    const known = constantOf(test);
    if (known !== null) return known.value ? then() : otherwise();
    return {
      kind: 'branch',
      test,
      truthy: lazy(() => assume(then(), test, true)),
      falsy: lazy(() => assume(otherwise(), test, false)),
    };
  };

  /** What is left of a value once it is known how a test came out. */
  const assume = (from: Value, test: Expression, truth: boolean, depth = 0): Value => {
    if (from.kind !== 'branch' || depth > 8) return from;
    const outcome = outcomeOf(from.test, test, truth);
    if (outcome === null) return from;
    return assume(outcome ? from.truthy() : from.falsy(), test, truth, depth + 1);
  };

  const expression = (from: Value): Expression => {
    if (++steps > STEP_LIMIT) return { kind: 'unknown', text: '', reason: 'it takes too many steps to work out' };
    switch (from.kind) {
      case 'scalar':
        return from.expr;
      case 'branch':
        return conditional(from.test, expression(from.truthy()), expression(from.falsy()));
      case 'package':
        return packageExpression(evaluator, from);
      default:
        return {
          kind: 'unknown',
          text: '',
          reason: `it is not a text but ${from.kind === 'array' ? 'a list' : `a ${from.kind}`}`,
        };
    }
  };

  const test = (from: Value): Expression => {
    if (isThing(from)) return { kind: 'literal', value: true };
    return expression(from);
  };

  /** Can the value be written as an {@link Expression}? */
  const isScalar = (from: Value, level = 0): boolean => {
    if (from.kind === 'branch') {
      return level < 6 && isScalar(from.truthy(), level + 1) && isScalar(from.falsy(), level + 1);
    }
    return from.kind === 'scalar' || (from.kind === 'package' && !isThing(from));
  };

  const withDefault = (from: Value, fallback: Thunk): Value => {
    if (isThing(from)) return from;
    if (from.kind === 'branch') {
      return branch(
        from.test,
        lazy(() => withDefault(from.truthy(), fallback)),
        lazy(() => withDefault(from.falsy(), fallback)),
      );
    }
    const expr = expression(from);
    const known = constantOf(expr);
    if (known !== null) return known.value === undefined ? fallback() : from;
    const other = fallback();
    if (isScalar(other)) return scalar({ kind: 'call', name: 'default', args: [expr, expression(other)] });
    return branch(
      { kind: 'not-equal', left: expr, right: { kind: 'undefined' } },
      () => from,
      () => other,
    );
  };

  const invoke = (callee: Value, args: Args): Value => {
    switch (callee.kind) {
      case 'function':
        return callFunction(evaluator, callee, args);
      case 'class':
        return {
          kind: 'instance',
          cls: callee,
          module: args.module,
          node: args.node,
          frames: superCallFrames(evaluator, callee, args),
        };
      case 'package':
        return packageCall(evaluator, callee, args, imported);
      case 'branch':
        return branch(
          callee.test,
          lazy(() => invoke(callee.truthy(), args)),
          lazy(() => invoke(callee.falsy(), args)),
        );
      default:
        return dynamicOf(args.module, args.node, args.args);
    }
  };

  /** A result that only the run can tell, unstable when it is made from something unstable. */
  const dynamicOf = (module: SourceModule, node: Node, parts: readonly Thunk[]): Value => {
    for (const part of parts) {
      const found = unstableIn(expression(part()));
      if (found !== null) return scalar({ ...found, text: module.text(node), at: at(module, node) });
    }
    return dynamic(module.text(node), at(module, node));
  };

  const args = (module: SourceModule, node: CallNode, frames: Frames): Args => {
    const list: Thunk[] = [];
    let open = false;
    for (const argument of node.arguments) {
      if (argument.type === 'SpreadElement') {
        const spread = value(module, argument.argument, frames);
        if (spread.kind === 'array' && spread.open === null) list.push(...spread.items);
        else {
          open = true;
          break;
        }
      } else list.push(lazy(() => value(module, argument, frames)));
    }
    return { args: list, open, isNew: node.type === 'NewExpression', module, node, frames };
  };

  const call = (module: SourceModule, node: CallNode, frames: Frames): Value => {
    const callee = bare(node.callee);
    if (callee.type === 'Identifier' && callee.name === 'require' && module.binding(callee) === null) {
      const specifier = stringOf(node.arguments[0]);
      return specifier === null
        ? unknown(module.text(node), 'it loads a module whose name is made at run time', at(module, node))
        : imported(module, specifier, node);
    }
    if (callee.type === 'Super') return UNDEFINED;
    const given = args(module, node, frames);
    if (callee.type === 'MemberExpression') {
      const name = keyName(callee.property, callee.computed);
      const target = value(module, callee.object, frames);
      const built = name === null ? null : builtinCall(evaluator, target, name, given);
      if (built !== null) return built;
      return name === null
        ? dynamicOf(module, node, given.args)
        : invoke(get(target, name, module.text(callee)), given);
    }
    return invoke(value(module, callee, frames), given);
  };

  const member = (module: SourceModule, node: NodeOf<'MemberExpression'>, frames: Frames): Value => {
    const target = value(module, node.object, frames);
    const fixed = keyName(node.property, node.computed);
    if (fixed !== null) return get(target, fixed, module.text(node));
    const key = expression(value(module, node.property, frames));
    const constant = constantOf(key);
    if (constant !== null) return get(target, String(constant.value), module.text(node));
    // `configs[process.env.NODE_ENV]`: each key in turn.
    if (target.kind === 'object' && target.props.size <= 16) {
      let result: Value = target.open === null ? UNDEFINED : dynamic(module.text(node), at(module, node));
      for (const [name, thunk] of [...target.props].reverse()) {
        const otherwise = result;
        result = branch(equal(key, { kind: 'literal', value: name }, true), thunk, () => otherwise);
      }
      return result;
    }
    if (target.kind === 'package') return packageMember(evaluator, target, key);
    const found = unstableIn(key);
    if (found !== null) return scalar({ ...found, text: module.text(node), at: at(module, node) });
    return dynamic(module.text(node), at(module, node));
  };

  const object = (module: SourceModule, node: NodeOf<'ObjectExpression'>, frames: Frames): Value => {
    const props = new Map<string, Thunk>();
    let open: string | null = null;
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') {
        const spread = value(module, property.argument, frames);
        open = mergeInto(props, spread, module.text(property.argument)) ?? open;
        continue;
      }
      const name = keyName(property.key, property.computed);
      if (name === null) {
        open = module.text(property);
        continue;
      }
      const held = property.value;
      if (property.kind === 'get' && isFunction(held)) {
        props.set(
          name,
          lazy(() =>
            callFunction(
              evaluator,
              { kind: 'function', module, node: held, frames, self: null },
              { args: [], open: false, isNew: false, module, node: held, frames },
            ),
          ),
        );
      } else
        props.set(
          name,
          lazy(() => value(module, held, frames)),
        );
    }
    return { kind: 'object', props, open };
  };

  /** Add what a spread brings. Returns the text of the part that could not be seen, or `null`. */
  const mergeInto = (props: Map<string, Thunk>, spread: Value, text: string): string | null => {
    if (spread.kind === 'object') {
      for (const [name, thunk] of spread.props) props.set(name, thunk);
      return spread.open;
    }
    if (spread.kind === 'module') {
      for (const name of tree.load(spread.file)?.exports.keys() ?? [])
        props.set(name, () => exported(spread.file, name));
      return null;
    }
    if (spread.kind === 'scalar') {
      // `...(condition && {…})`, `...undefined`.
      return constantOf(spread.expr) === null ? text : null;
    }
    if (spread.kind === 'branch') {
      const then = new Map<string, Thunk>();
      const otherwise = new Map<string, Thunk>();
      const falsy = spread.falsy();
      // `...(condition && {…})`: what is false spreads into nothing.
      const nothing = falsy.kind === 'scalar' && outcomeOf(falsy.expr, spread.test, false) === false;
      const open = mergeInto(then, spread.truthy(), text) ?? (nothing ? null : mergeInto(otherwise, falsy, text));
      for (const name of new Set([...then.keys(), ...otherwise.keys()])) {
        const before = props.get(name) ?? (() => UNDEFINED);
        props.set(
          name,
          lazy(() => branch(spread.test, then.get(name) ?? before, otherwise.get(name) ?? before)),
        );
      }
      return open;
    }
    return text;
  };

  const logical = (module: SourceModule, node: Node, operator: string, left: Value, right: Thunk): Value => {
    if (operator === '&&') {
      if (isThing(left)) return right();
      const expr = expression(left);
      const known = constantOf(expr);
      if (known !== null) return known.value ? right() : left;
      const other = right();
      if (isScalar(other)) return scalar({ kind: 'and', left: expr, right: expression(other) });
      return branch(
        expr,
        () => other,
        () => left,
      );
    }
    if (isThing(left)) return left;
    const other = right();
    if (isScalar(left) && isScalar(other)) {
      const make = operator === '||' ? or : nullish;
      return scalar(make(expression(left), expression(other), at(module, node)));
    }
    if (left.kind === 'branch') {
      return branch(
        left.test,
        lazy(() => logical(module, node, operator, left.truthy(), right)),
        lazy(() => logical(module, node, operator, left.falsy(), right)),
      );
    }
    const expr = expression(left);
    const known = constantOf(expr);
    if (known !== null) return (operator === '||' ? known.value : known.value != null) ? left : other;
    const isThere: Expression =
      operator === '||'
        ? expr
        : {
            kind: 'not',
            operand: equal(nullish(expr, { kind: 'literal', value: null }), { kind: 'literal', value: null }, true),
          };
    return branch(
      isThere,
      () => left,
      () => other,
    );
  };

  const binary = (module: SourceModule, node: NodeOf<'BinaryExpression'>, frames: Frames): Value => {
    if (node.left.type === 'PrivateIdentifier') return dynamic(module.text(node), at(module, node));
    const left = lazy(() => value(module, node.left, frames));
    const right = lazy(() => value(module, node.right, frames));
    switch (node.operator) {
      case '+':
        return scalar(concat([expression(left()), expression(right())], at(module, node)));
      case '===':
      case '==':
        return scalar(equal(expression(left()), expression(right()), true));
      case '!==':
      case '!=':
        return scalar(equal(expression(left()), expression(right()), false));
      case '*':
      case '-':
      case '/': {
        const a = constantOf(expression(left()))?.value;
        const b = constantOf(expression(right()))?.value;
        if (typeof a === 'number' && typeof b === 'number') {
          return literal(node.operator === '*' ? a * b : node.operator === '-' ? a - b : a / b, at(module, node));
        }
        return dynamicOf(module, node, [left, right]);
      }
      default:
        return dynamicOf(module, node, [left, right]);
    }
  };

  const evaluate = (module: SourceModule, node: Node, frames: Frames): Value => {
    switch (node.type) {
      case 'Literal':
        if (node.value === null && node.raw !== 'null') return unknown(module.text(node), 'a regular expression');
        if (typeof node.value === 'object' && node.value !== null)
          return unknown(module.text(node), 'a regular expression');
        if (typeof node.value === 'bigint') return literal(String(node.value), at(module, node));
        return literal(node.value, at(module, node));
      case 'TemplateLiteral':
        return scalar(
          concat(
            node.quasis
              .flatMap((quasi, index): Expression[] => {
                const part = node.expressions[index];
                return [
                  { kind: 'literal', value: quasi.value.cooked ?? quasi.value.raw, at: at(module, quasi) },
                  ...(part === undefined ? [] : [expression(value(module, part, frames))]),
                ];
              })
              .filter((part) => part.kind !== 'literal' || part.value !== '' || node.expressions.length === 0),
            at(module, node),
          ),
        );
      case 'Identifier': {
        const binding = module.binding(node);
        if (binding === null) return globalValue(module, node);
        if (binding.kind === 'import') return importBinding(module, binding.declaration);
        return readBinding(evaluator, module, binding, node, frames);
      }
      case 'ThisExpression':
        return thisValue(evaluator, module, node, frames);
      case 'MemberExpression':
        return member(module, node, frames);
      case 'CallExpression':
      case 'NewExpression':
        return call(module, node, frames);
      case 'ImportExpression': {
        const specifier = stringOf(node.source);
        if (specifier === null)
          return unknown(module.text(node), 'it loads a module whose name is made at run time', at(module, node));
        const target = tree.resolve(module.file, specifier);
        return target.kind === 'source' ? { kind: 'module', file: target.file } : imported(module, specifier, node);
      }
      case 'MetaProperty':
        return { ...packageValue('global:import.meta', false, 'import.meta', at(module, node)), steps: [] };
      case 'AwaitExpression':
        return value(module, node.argument, frames);
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        return last === undefined ? UNDEFINED : value(module, last, frames);
      }
      case 'ConditionalExpression':
        return branch(
          test(value(module, node.test, frames)),
          lazy(() => value(module, node.consequent, frames)),
          lazy(() => value(module, node.alternate, frames)),
        );
      case 'LogicalExpression':
        return logical(
          module,
          node,
          node.operator,
          value(module, node.left, frames),
          lazy(() => value(module, node.right, frames)),
        );
      case 'BinaryExpression':
        return binary(module, node, frames);
      case 'UnaryExpression':
        if (node.operator === 'void') return UNDEFINED;
        if (node.operator === '!') return scalar(not(test(value(module, node.argument, frames))));
        if (node.operator === '-' && node.argument.type === 'Literal' && typeof node.argument.value === 'number') {
          return literal(-node.argument.value, at(module, node));
        }
        if (node.operator === '+') return value(module, node.argument, frames);
        return dynamic(module.text(node), at(module, node));
      case 'ObjectExpression':
        return object(module, node, frames);
      case 'ArrayExpression': {
        const items: Thunk[] = [];
        let open: string | null = null;
        let solid: number | undefined;
        for (const element of node.elements) {
          if (element === null) items.push(() => UNDEFINED);
          else if (element.type === 'SpreadElement') {
            const spread = value(module, element.argument, frames);
            if (spread.kind !== 'array' || spread.open !== null) {
              // What follows is in the list too, at places that nobody knows.
              open ??= module.text(element);
              solid ??= items.length;
            }
            if (spread.kind === 'array') items.push(...spread.items);
          } else items.push(lazy(() => value(module, element, frames)));
        }
        return solid === undefined ? { kind: 'array', items, open } : { kind: 'array', items, open, solid };
      }
      case 'AssignmentExpression':
        return value(module, node.right, frames);
      case 'TSEnumDeclaration': {
        const props = new Map<string, Thunk>();
        for (const item of node.body.members) {
          const name = keyName(item.id, item.computed);
          const { initializer } = item;
          if (name !== null) {
            props.set(
              name,
              initializer === null ? () => dynamic(name) : lazy(() => value(module, initializer, frames)),
            );
          }
        }
        return { kind: 'object', props, open: null };
      }
      default:
        if (isFunction(node)) return { kind: 'function', module, node, frames, self: null };
        if (isClass(node)) return classValue(module, node, frames);
        return dynamic(module.text(node), at(module, node));
    }
  };

  const classValue = (module: SourceModule, node: ClassNode, frames: Frames): Value => ({
    kind: 'class',
    module,
    node,
    frames,
  });

  const evaluator: Evaluator = {
    tree,
    value,
    get,
    invoke,
    expression,
    test,
    exported,
    withDefault,
    branch,
    at,
    args,
    unbound,
    begin() {
      steps = 0;
      depth = 0;
      unbound.clear();
    },
  };
  return evaluator;
}

/** How `asked` comes out when `test` came out as `truth`; `null`: the one says nothing about the other. */
function outcomeOf(asked: Expression, test: Expression, truth: boolean): boolean | null {
  if (test.kind === 'not') return outcomeOf(asked, test.operand, !truth);
  if (asked.kind === 'not') {
    const inner = outcomeOf(asked.operand, test, truth);
    return inner === null ? null : !inner;
  }
  return asked.kind === test.kind && JSON.stringify(asked) === JSON.stringify(test) ? truth : null;
}

/** Modules of node and their other names, as the tables of known packages list them. */
function packageName(name: string): string {
  switch (name) {
    case 'process':
      return 'global:process';
    case 'path/posix':
      return 'path';
    default:
      return name;
  }
}
