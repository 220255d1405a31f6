import type { Program } from 'oxc-parser';
import {
  bare,
  type CallNode,
  type ClassNode,
  childrenOf,
  type FunctionNode,
  isClass,
  isFunction,
  keyName,
  type Node,
  type NodeOf,
} from './syntax.ts';

/** What a name stands for, and every place that gives it a value. */
export interface Binding {
  readonly name: string;
  readonly kind: 'import' | 'variable' | 'parameter' | 'function' | 'class' | 'enum' | 'other';
  /** The identifier that declares it. */
  readonly identifier: Node;
  /** Import specifier, variable declarator, function, class or enum. For a parameter: the function. */
  readonly declaration: Node;
  /** For a parameter: which one. */
  readonly index: number;
  readonly scope: Scope;
  /** `name = …` elsewhere. */
  readonly assignments: NodeOf<'AssignmentExpression'>[];
  constant: boolean;
}

export interface Scope {
  readonly node: Node;
  readonly parent: Scope | null;
  readonly isFunction: boolean;
  readonly bindings: Map<string, Binding>;
}

/** What a module offers under a name. */
export type ModuleExport =
  /** An expression or declaration of this module. */
  | { readonly kind: 'node'; readonly node: Node }
  /** A local name. */
  | { readonly kind: 'binding'; readonly name: string }
  /** `export { imported as … } from 'specifier'`; `imported` `*`: the whole namespace. */
  | { readonly kind: 'from'; readonly specifier: string; readonly imported: string };

/** One parsed source file with its names resolved. Built once, never changed. */
export interface SourceModule {
  /** Relative to the project. */
  readonly file: string;
  readonly program: Program;
  readonly topScope: Scope;
  /** By exported name; `default`, and `=` for what `module.exports` as a whole is assigned. */
  readonly exports: ReadonlyMap<string, ModuleExport>;
  /** `export * from`. */
  readonly starExports: readonly string[];
  /** Every call and `new`, in source order. */
  readonly calls: readonly CallNode[];
  /** Assignments to members: `this.x = …`, `options.dataPath = …`. */
  readonly memberAssignments: readonly NodeOf<'AssignmentExpression'>[];
  readonly classes: readonly ClassNode[];
  /** Modules that it names: `import`, `require`, dynamic `import`, re-exports. */
  readonly specifiers: readonly string[];
  parent(node: Node): Node | null;
  /** The innermost function around a node. */
  functionAround(node: Node): FunctionNode | null;
  classAround(node: Node): ClassNode | null;
  /** The binding that an identifier reads, `null` for globals. */
  binding(identifier: Node): Binding | null;
  /** Lines and columns from 1. */
  position(offset: number): { readonly line: number; readonly column: number };
  /** The source text of a node, white space collapsed, shortened. */
  text(node: Node, limit?: number): string;
}

/** The identifiers that a pattern declares. */
function patternNames(pattern: Node): (Node & { name: string })[] {
  const names: (Node & { name: string })[] = [];
  const todo: Node[] = [pattern];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    switch (node.type) {
      case 'Identifier':
        names.push(node);
        break;
      case 'ObjectPattern':
        for (const property of node.properties) {
          todo.push(property.type === 'RestElement' ? property.argument : property.value);
        }
        break;
      case 'ArrayPattern':
        for (const element of node.elements) if (element !== null) todo.push(element);
        break;
      case 'AssignmentPattern':
        todo.push(node.left);
        break;
      case 'RestElement':
        todo.push(node.argument);
        break;
      case 'TSParameterProperty':
        todo.push(node.parameter);
        break;
    }
  }
  return names;
}

function makesScope(node: Node): boolean {
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'CatchClause':
    case 'SwitchStatement':
    case 'StaticBlock':
    case 'TSModuleBlock':
      return true;
    default:
      return isFunction(node) || isClass(node);
  }
}

/** Resolve the names of a parsed file: scopes, bindings, exports, calls. No recursion: depth of the tree costs no stack. */
export function buildModule(file: string, text: string, program: Program): SourceModule {
  const parents = new Map<Node, Node>();
  const scopes = new Map<Node, Scope>();
  const calls: CallNode[] = [];
  const memberAssignments: NodeOf<'AssignmentExpression'>[] = [];
  const assignments: NodeOf<'AssignmentExpression'>[] = [];
  const updates: Node[] = [];
  const classes: ClassNode[] = [];
  const exports = new Map<string, ModuleExport>();
  const starExports: string[] = [];
  const specifiers = new Set<string>();
  const topScope: Scope = { node: program, parent: null, isFunction: true, bindings: new Map() };

  const declare = (
    scope: Scope,
    identifier: Node & { name: string },
    kind: Binding['kind'],
    declaration: Node,
    constant: boolean,
    index = 0,
  ): void => {
    const known = scope.bindings.get(identifier.name);
    // Overload signatures and `var` twice: the first body wins, later values are seen as assignments.
    if (known !== undefined && kind !== 'function') return;
    scope.bindings.set(identifier.name, {
      name: identifier.name,
      kind,
      identifier,
      declaration,
      index,
      scope,
      assignments: [],
      constant,
    });
  };
  const functionScope = (scope: Scope): Scope => {
    let at = scope;
    while (!at.isFunction && at.parent !== null) at = at.parent;
    return at;
  };

  const todo: { node: Node; scope: Scope }[] = [{ node: program, scope: topScope }];
  for (let item = todo.pop(); item !== undefined; item = todo.pop()) {
    const { node } = item;
    let { scope } = item;
    if (node.type.startsWith('TS') && /^TS(Type(?!Assertion)|Interface)/.test(node.type)) continue;
    if (makesScope(node) && node !== program) {
      // The name of a declaration belongs outside.
      if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id !== null) {
        declare(scope, node.id, isClass(node) ? 'class' : 'function', node, false);
      }
      scope = { node, parent: scope, isFunction: isFunction(node) || node.type === 'StaticBlock', bindings: new Map() };
      if ((node.type === 'FunctionExpression' || node.type === 'ClassExpression') && node.id !== null) {
        declare(scope, node.id, isClass(node) ? 'class' : 'function', node, false);
      }
    }
    scopes.set(node, scope);
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        node.params.forEach((parameter, index) => {
          for (const name of patternNames(parameter)) declare(scope, name, 'parameter', node, false, index);
        });
        break;
      case 'VariableDeclaration': {
        const target = node.kind === 'var' ? functionScope(scope) : scope;
        for (const declarator of node.declarations) {
          for (const name of patternNames(declarator.id)) {
            declare(target, name, 'variable', declarator, node.kind === 'const');
          }
        }
        break;
      }
      case 'ClassDeclaration':
      case 'ClassExpression':
        classes.push(node);
        break;
      case 'CatchClause':
        if (node.param !== null)
          for (const name of patternNames(node.param)) declare(scope, name, 'other', node, false);
        break;
      case 'TSEnumDeclaration':
        declare(scope, node.id, 'enum', node, true);
        break;
      case 'ImportDeclaration':
        if (node.importKind === 'type') break;
        specifiers.add(node.source.value);
        for (const specifier of node.specifiers) declare(scope, specifier.local, 'import', specifier, true);
        break;
      case 'TSImportEqualsDeclaration':
        declare(scope, node.id, 'import', node, true);
        if (node.moduleReference.type === 'TSExternalModuleReference') {
          specifiers.add(node.moduleReference.expression.value);
        }
        break;
      case 'ImportExpression':
        if (node.source.type === 'Literal' && typeof node.source.value === 'string') specifiers.add(node.source.value);
        break;
      case 'CallExpression':
      case 'NewExpression': {
        calls.push(node);
        const [first] = node.arguments;
        if (
          node.callee.type === 'Identifier' &&
          node.callee.name === 'require' &&
          first?.type === 'Literal' &&
          typeof first.value === 'string'
        ) {
          specifiers.add(first.value);
        }
        break;
      }
      case 'AssignmentExpression':
        if (bare(node.left).type === 'MemberExpression') memberAssignments.push(node);
        else assignments.push(node);
        break;
      case 'UpdateExpression':
        updates.push(node.argument);
        break;
      case 'ExportNamedDeclaration':
        if (node.exportKind === 'type') break;
        if (node.source !== null) specifiers.add(node.source.value);
        for (const { local, exported } of node.specifiers) {
          const name = keyName(exported, false) ?? '';
          const from = keyName(local, false) ?? '';
          exports.set(
            name,
            node.source === null
              ? { kind: 'binding', name: from }
              : { kind: 'from', specifier: node.source.value, imported: from },
          );
        }
        if (node.declaration?.type === 'VariableDeclaration') {
          for (const declarator of node.declaration.declarations) {
            for (const { name } of patternNames(declarator.id)) exports.set(name, { kind: 'binding', name });
          }
        } else if (node.declaration != null && 'id' in node.declaration && node.declaration.id?.type === 'Identifier') {
          const { name } = node.declaration.id;
          exports.set(name, { kind: 'binding', name });
        }
        break;
      case 'ExportDefaultDeclaration':
        exports.set('default', { kind: 'node', node: node.declaration });
        break;
      case 'ExportAllDeclaration':
        specifiers.add(node.source.value);
        if (node.exported === null) starExports.push(node.source.value);
        else {
          const name = keyName(node.exported, false) ?? '';
          exports.set(name, { kind: 'from', specifier: node.source.value, imported: '*' });
        }
        break;
      case 'TSExportAssignment':
        exports.set('=', { kind: 'node', node: node.expression });
        break;
    }
    const children = childrenOf(node);
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if (child === undefined) continue;
      parents.set(child, node);
      todo.push({ node: child, scope });
    }
  }

  const lookup = (name: string, from: Scope | null): Binding | null => {
    for (let scope = from; scope !== null; scope = scope.parent) {
      const binding = scope.bindings.get(name);
      if (binding !== undefined) return binding;
    }
    return null;
  };
  const binding = (identifier: Node): Binding | null =>
    identifier.type === 'Identifier' ? lookup(identifier.name, scopes.get(identifier) ?? topScope) : null;

  for (const assignment of assignments) {
    for (const name of patternNames(assignment.left)) binding(name)?.assignments.push(assignment);
  }
  for (const argument of updates) {
    const known = binding(argument);
    if (known !== null) known.constant = false;
  }
  for (const assignment of memberAssignments) exportAssignment(assignment, binding, exports);

  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);

  const around = <T extends Node>(node: Node, wanted: (candidate: Node) => candidate is T): T | null => {
    for (let at = parents.get(node); at !== undefined; at = parents.get(at)) if (wanted(at)) return at;
    return null;
  };

  return {
    file,
    program,
    topScope,
    exports,
    starExports,
    calls,
    memberAssignments,
    classes,
    specifiers: [...specifiers],
    parent: (node) => parents.get(node) ?? null,
    functionAround: (node) => around(node, isFunction),
    classAround: (node) => around(node, isClass),
    binding,
    position(offset) {
      let low = 0;
      let high = lineStarts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((lineStarts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
    },
    text(node, limit = 120) {
      const whole = text
        .slice(node.start, Math.min(node.end, node.start + limit * 8))
        .replace(/\s+/g, ' ')
        .trim();
      return whole.length > limit ? `${whole.slice(0, limit - 1)}…` : whole;
    },
  };
}

/** `module.exports = …`, `module.exports.x = …`, `exports.x = …`. */
function exportAssignment(
  { left, right }: NodeOf<'AssignmentExpression'>,
  binding: (identifier: Node) => Binding | null,
  exports: Map<string, ModuleExport>,
): void {
  const target = bare(left);
  if (target.type !== 'MemberExpression') return;
  const name = keyName(target.property, target.computed);
  if (name === null) return;
  const isGlobal = (node: Node, wanted: string): boolean =>
    node.type === 'Identifier' && node.name === wanted && binding(node) === null;
  const isModuleExports = (node: Node): boolean =>
    node.type === 'MemberExpression' &&
    isGlobal(node.object, 'module') &&
    keyName(node.property, node.computed) === 'exports';
  if (isModuleExports(target)) exports.set('=', { kind: 'node', node: right });
  else if (isGlobal(target.object, 'exports') || isModuleExports(target.object)) {
    exports.set(name, { kind: 'node', node: right });
  }
}
