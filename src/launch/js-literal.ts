/** The value of a configuration file written in JavaScript, as far as it stands there. Parsed, never run. */

const SIZE_LIMIT = 256 * 1024;
const NESTING_LIMIT = 300;
const STEPS = 20_000;

/** A value that cannot be known without running the file. */
export const UNKNOWN: unique symbol = Symbol('unknown');

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Bracket depth without a parser: generated files nested deeper would exhaust one. */
function nestedTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x28 || code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > NESTING_LIMIT) return true;
    } else if (code === 0x29 || code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** An object of the file; `lines` gives the line of the objects in it. */
export type LiteralResult =
  | { readonly ok: true; readonly value: unknown; lineOf(value: unknown): number | null }
  | { readonly ok: false; readonly reason: string };

/**
 * What a file exports: `module.exports = …`, `export default …`, or, for JSON, the value itself.
 *
 * @param dirname what `__dirname` is
 */
export async function exportedLiteral(text: string, name: string, dirname: string): Promise<LiteralResult> {
  if (text.length > SIZE_LIMIT)
    return { ok: false, reason: `it is larger than ${SIZE_LIMIT / 1024} KiB and was not read` };
  if (text.includes('\0')) return { ok: false, reason: 'it holds NUL bytes' };
  if (nestedTooDeep(text)) return { ok: false, reason: 'it is nested too deeply and was not read' };
  const json = /\.json5?$/.test(name);
  const source = json ? `module.exports = (${text}\n)` : text;
  const { parseSync } = await import('oxc-parser');
  let body: readonly Node[];
  try {
    const parsed = parseSync(json ? 'config.cjs' : name, source);
    if (parsed.errors.some((error) => error.severity === 'Error') && parsed.program.body.length === 0) {
      return { ok: false, reason: 'it could not be parsed' };
    }
    body = parsed.program.body as unknown as readonly Node[];
  } catch {
    return { ok: false, reason: 'it could not be parsed' };
  }
  const reader = new LiteralReader(body, dirname);
  return { ok: true, value: reader.exported(), lineOf: (value) => reader.lineOf(value, source) };
}

class LiteralReader {
  readonly #constants = new Map<string, Node>();
  readonly #body: readonly Node[];
  readonly #dirname: string;
  readonly #starts = new Map<unknown, number>();
  #steps = 0;

  constructor(body: readonly Node[], dirname: string) {
    this.#body = body;
    this.#dirname = dirname;
    for (const statement of body) {
      const declaration =
        statement.type === 'ExportNamedDeclaration' ? (statement['declaration'] as Node | null) : statement;
      if (declaration?.type !== 'VariableDeclaration') continue;
      for (const one of declaration['declarations'] as readonly Node[]) {
        const id = one['id'] as Node;
        if (id.type === 'Identifier' && one['init'] != null)
          this.#constants.set(String(id['name']), one['init'] as Node);
      }
    }
  }

  lineOf(value: unknown, text: string): number | null {
    const start = this.#starts.get(value);
    if (start === undefined) return null;
    let line = 1;
    for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) line += 1;
    return line;
  }

  exported(): unknown {
    const exported: Record<string, unknown> = Object.create(null);
    let named = false;
    for (const statement of this.#body) {
      if (statement.type === 'ExportDefaultDeclaration') return this.value(statement['declaration'] as Node, 0);
      if (statement.type === 'ExportNamedDeclaration') {
        const declaration = statement['declaration'] as Node | null;
        for (const one of (declaration?.['declarations'] as readonly Node[] | undefined) ?? []) {
          const id = one['id'] as Node;
          if (id.type === 'Identifier' && one['init'] != null) {
            exported[String(id['name'])] = this.value(one['init'] as Node, 0);
            named = true;
          }
        }
      }
      const expression = statement.type === 'ExpressionStatement' ? (statement['expression'] as Node) : null;
      if (expression?.type !== 'AssignmentExpression') continue;
      const target = this.memberPath(expression['left'] as Node);
      if (target === 'module.exports' || target === 'exports') return this.value(expression['right'] as Node, 0);
      const property = /^(?:module\.)?exports\.(\w+)$/.exec(target ?? '');
      if (property !== null) {
        exported[property[1] ?? ''] = this.value(expression['right'] as Node, 0);
        named = true;
      }
    }
    return named ? exported : UNKNOWN;
  }

  memberPath(node: Node): string | null {
    if (node.type === 'Identifier') return String(node['name']);
    if (node.type !== 'MemberExpression' || node['computed'] === true) return null;
    const object = this.memberPath(node['object'] as Node);
    return object === null ? null : `${object}.${String((node['property'] as Node)['name'])}`;
  }

  value(node: Node, depth: number): unknown {
    this.#steps += 1;
    if (depth > 60 || this.#steps > STEPS) return UNKNOWN;
    switch (node.type) {
      case 'Literal':
        return node['value'] ?? null;
      case 'TemplateLiteral': {
        const quasis = node['quasis'] as readonly { value: { cooked: string | null } }[];
        const holes = (node['expressions'] as readonly Node[]).map((hole) => this.value(hole, depth + 1));
        let text = '';
        for (const [index, quasi] of quasis.entries()) {
          text += quasi.value.cooked ?? '';
          if (index >= holes.length) continue;
          const hole = holes[index];
          if (typeof hole !== 'string' && typeof hole !== 'number') return UNKNOWN;
          text += hole;
        }
        return text;
      }
      case 'ArrayExpression': {
        const list: unknown[] = [];
        for (const element of node['elements'] as readonly (Node | null)[]) {
          if (element === null) continue;
          const value = this.value(
            element.type === 'SpreadElement' ? (element['argument'] as Node) : element,
            depth + 1,
          );
          if (element.type === 'SpreadElement' && Array.isArray(value)) list.push(...value.slice(0, 1000));
          else list.push(value);
        }
        this.#starts.set(list, node.start);
        return list;
      }
      case 'ObjectExpression':
        return this.object(node, depth);
      case 'Identifier': {
        const name = String(node['name']);
        if (name === '__dirname') return this.#dirname;
        if (name === 'undefined') return null;
        const constant = this.#constants.get(name);
        return constant === undefined ? UNKNOWN : this.value(constant, depth + 1);
      }
      case 'MemberExpression': {
        const path = this.memberPath(node);
        if (path === 'import.meta.dirname') return this.#dirname;
        if (path?.startsWith('process.env.') === true) return UNKNOWN;
        const object = this.value(node['object'] as Node, depth + 1);
        const key =
          node['computed'] === true
            ? this.value(node['property'] as Node, depth + 1)
            : String((node['property'] as Node)['name']);
        if (typeof object !== 'object' || object === null || typeof key !== 'string') return UNKNOWN;
        return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : UNKNOWN;
      }
      case 'LogicalExpression': {
        const left = this.value(node['left'] as Node, depth + 1);
        // A variable that the shell may set: what stands after `||` is what the file itself says.
        if (left === UNKNOWN) return node['operator'] === '&&' ? UNKNOWN : this.value(node['right'] as Node, depth + 1);
        const keep = node['operator'] === '??' ? left !== null : node['operator'] === '||' ? Boolean(left) : !left;
        return keep ? left : this.value(node['right'] as Node, depth + 1);
      }
      case 'ConditionalExpression': {
        const test = this.value(node['test'] as Node, depth + 1);
        if (test === UNKNOWN) return UNKNOWN;
        return this.value((test ? node['consequent'] : node['alternate']) as Node, depth + 1);
      }
      case 'BinaryExpression': {
        const left = this.value(node['left'] as Node, depth + 1);
        const right = this.value(node['right'] as Node, depth + 1);
        const plain = (value: unknown): value is string | number =>
          typeof value === 'string' || typeof value === 'number';
        if (node['operator'] !== '+' || !plain(left) || !plain(right)) return UNKNOWN;
        return typeof left === 'number' && typeof right === 'number' ? left + right : `${left}${right}`;
      }
      case 'UnaryExpression': {
        const operand = this.value(node['argument'] as Node, depth + 1);
        if (node['operator'] === '!') return operand === UNKNOWN ? UNKNOWN : !operand;
        return node['operator'] === '-' && typeof operand === 'number' ? -operand : UNKNOWN;
      }
      case 'CallExpression':
        return this.call(node, depth);
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        return this.value(node['expression'] as Node, depth + 1);
      case 'ArrowFunctionExpression': {
        const inner = node['body'] as Node;
        return inner.type === 'BlockStatement' ? UNKNOWN : this.value(inner, depth + 1);
      }
      default:
        return UNKNOWN;
    }
  }

  object(node: Node, depth: number): unknown {
    const record: Record<string, unknown> = Object.create(null);
    for (const property of node['properties'] as readonly Node[]) {
      if (property.type === 'SpreadElement') {
        const spread = this.value(property['argument'] as Node, depth + 1);
        if (typeof spread === 'object' && spread !== null)
          for (const [key, value] of Object.entries(spread)) record[key] = value;
        continue;
      }
      const key = property['key'] as Node;
      const name =
        property['computed'] === true
          ? this.value(key, depth + 1)
          : key.type === 'Identifier'
            ? String(key['name'])
            : key['value'];
      if (typeof name === 'string' || typeof name === 'number')
        record[String(name)] = this.value(property['value'] as Node, depth + 1);
    }
    this.#starts.set(record, node.start);
    return record;
  }

  call(node: Node, depth: number): unknown {
    const path = this.memberPath(node['callee'] as Node);
    const args = (node['arguments'] as readonly Node[]).map((argument) => this.value(argument, depth + 1));
    if (path === 'defineConfig' || path === 'Object.freeze') return args[0];
    const strings = args.every((argument) => typeof argument === 'string');
    if (!strings || path === null) return UNKNOWN;
    const texts = args as string[];
    if (/^(path\.)?(posix\.)?join$/.test(path)) return texts.join('/').replace(/\/{2,}/g, '/');
    if (/^(path\.)?(posix\.)?resolve$/.test(path)) {
      const from = texts.findLastIndex((text) => text.startsWith('/'));
      return (from < 0 ? texts : texts.slice(from)).join('/').replace(/\/{2,}/g, '/');
    }
    if (/^(path\.)?dirname$/.test(path)) return (texts[0] ?? '').replace(/\/[^/]*$/, '') || '/';
    return UNKNOWN;
  }
}
