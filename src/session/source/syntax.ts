import type { ArrowFunctionExpression, Class, Node, Function as OxcFunction } from 'oxc-parser';

export type { Node } from 'oxc-parser';

/** The interfaces of the syntax tree that may have this type. */
export type NodeOf<Type extends Node['type']> = Node extends infer Each
  ? Each extends { readonly type: infer Own }
    ? Type extends Own
      ? Each
      : never
    : never
  : never;
export type FunctionNode = OxcFunction | ArrowFunctionExpression;
export type ClassNode = Class;
export type CallNode = NodeOf<'CallExpression' | 'NewExpression'>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** The child nodes of a node, in source order of its properties. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'type' || key === 'start' || key === 'end') continue;
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) children.push(item);
  }
  return children;
}

export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

export function isClass(node: Node): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** The expression without what changes no value: casts, `!`, `satisfies`, optional chaining, parentheses. */
export function bare(node: Node): Node {
  let at = node;
  for (;;) {
    switch (at.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSTypeAssertion':
      case 'TSNonNullExpression':
      case 'TSInstantiationExpression':
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        at = at.expression;
        continue;
      default:
        return at;
    }
  }
}

/** The name of a property key where the source fixes it: `a`, `'a'`, `['a']`, `1`. */
export function keyName(key: Node, computed: boolean): string | null {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Identifier') return computed ? null : key.name;
  if (key.type === 'Literal') return String(key.value);
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0]?.value.cooked ?? null;
  return null;
}

/** The property that a member expression reads, where the source fixes it. */
export function memberName(node: NodeOf<'MemberExpression'>): string | null {
  return keyName(node.property, node.computed);
}

/** A string that stands in the source as it is. */
export function stringOf(node: Node | null | undefined): string | null {
  if (node == null) return null;
  const at = bare(node);
  if (at.type === 'Literal' && typeof at.value === 'string') return at.value;
  if (at.type === 'TemplateLiteral' && at.expressions.length === 0) return at.quasis[0]?.value.cooked ?? null;
  return null;
}
