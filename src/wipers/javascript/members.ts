import { UNKNOWN_TEXT } from '../effect.ts';
import { equals, spread } from './expressions.ts';
import { Thrown } from './flow.ts';
import type { Machine } from './machine.ts';
import { listOf, someItem } from './statements.ts';
import {
  Arr,
  choice,
  Func,
  native,
  Obj,
  Pattern,
  Settled,
  Table,
  textOf,
  truthy,
  Unknown,
  type Value,
} from './value.ts';

type Method = (machine: Machine, args: readonly Value[]) => Value;

/** Read a property of any value. Nothing throws: what is not modelled is unknown. */
export function memberOf(machine: Machine, object: Value, name: string): Value {
  if (object instanceof Unknown) {
    if (object.alternatives !== null) {
      const known = object.alternatives.filter((one) => one !== undefined && one !== null);
      if (known.length > 0)
        return choice(
          known.map((one) => memberOf(machine, one, name)),
          `${object.from}.${name}`,
        );
    }
    if (object.consent) return native(name, () => object);
    if (PROMISE_METHODS.has(name)) return native(name, ({ args }) => unknownPromise(machine, object, args));
    return new Unknown(`${object.from}.${name}`);
  }
  if (typeof object === 'string') return textMember(machine, object, name);
  if (object instanceof Arr) return listMember(machine, object, name);
  if (object instanceof Obj) return objectMember(machine, object, name);
  if (object instanceof Func) return functionMember(machine, object, name);
  if (object instanceof Table) return tableMember(machine, object, name);
  if (object instanceof Settled) {
    const method = settledMethod(machine, object, name);
    // A promise that also stands for its value (`$` of execa and zx: `await $`…`.quiet()`).
    return method ?? memberOf(machine, object.rejected ? new Unknown('promise') : object.value, name);
  }
  if (object instanceof Pattern) {
    if (name === 'test') return native(name, ({ args: [text] }) => matches(object, text));
    if (name === 'source') return object.regex.source;
    return name === 'exec' ? native(name, ({ args: [text] }) => match(text ?? '', object)) : new Unknown(name);
  }
  if (typeof object === 'number') {
    return name === 'toString' || name === 'toFixed' ? native(name, () => String(object)) : new Unknown(name);
  }
  return new Unknown(`${String(object)}.${name}`);
}

function objectMember(machine: Machine, object: Obj, name: string): Value {
  for (let at: Obj | null = object, depth = 0; at !== null && depth < 20; at = at.proto, depth += 1) {
    const getter = at.getters.get(name);
    if (getter !== undefined) return machine.call(getter, object, []);
    if (at.props.has(name)) return at.props.get(name);
  }
  if (name === 'hasOwnProperty')
    return native(name, ({ args: [key] }) => (typeof key === 'string' ? object.props.has(key) : new Unknown(name)));
  if (name === 'toString') return native(name, () => textOf(object));
  if (object.open) {
    const any = object.props.get('\u0000any');
    return any ?? new Unknown(name);
  }
  return undefined;
}

function functionMember(machine: Machine, object: Func, name: string): Value {
  const own = object.props.get(name);
  if (own !== undefined) return own;
  if (name === 'prototype') {
    object.prototype ??= new Obj();
    return object.prototype;
  }
  if (name === 'name') return object.name;
  if (name === 'call') return native(name, ({ args: [self, ...rest] }) => machine.call(object, self, rest));
  if (name === 'apply') {
    return native(name, ({ args: [self, list] }) =>
      machine.call(object, self, list === undefined ? [] : (listOf(list) ?? [new Unknown('argument')])),
    );
  }
  if (name === 'bind') {
    return native(name, ({ args: [self, ...rest] }) => {
      const made = new Func(object.name, {
        ...(object.native && { native: object.native }),
        ...(object.closure && { closure: object.closure }),
      });
      made.bound = { self, args: rest };
      return made;
    });
  }
  const parent = object.body?.parent;
  return parent instanceof Func ? functionMember(machine, parent, name) : undefined;
}

const PROMISE_METHODS = new Set(['then', 'catch', 'finally']);

/** `then` on something unknown: the callback runs, with an argument that is not known. */
function unknownPromise(machine: Machine, object: Unknown, args: readonly Value[]): Value {
  const [onDone] = args;
  if (onDone instanceof Func) {
    const result = machine.maybe(`it depends on ${object.from}`, () =>
      machine.call(onDone, undefined, [new Unknown(object.from)]),
    );
    return new Unknown(
      `${object.from}.then()`,
      result.value === null || result.value === undefined ? null : [result.value, new Unknown('a result')],
    );
  }
  return object;
}

/** `then`, `catch`, `finally` of a settled promise. */
function settledMethod(machine: Machine, object: Settled, name: string): Value | null {
  const again = (run: () => Value): Settled => {
    try {
      const value = run();
      return value instanceof Settled ? value : new Settled(value);
    } catch (error) {
      if (error instanceof Thrown) return new Settled(error.value, true);
      throw error;
    }
  };
  if (name === 'then') {
    return native(name, ({ args: [onDone, onError] }) => {
      const callback = object.rejected ? onError : onDone;
      return callback instanceof Func
        ? again(() => machine.call(callback, undefined, [flatten(object.value)]))
        : object;
    });
  }
  if (name === 'catch') {
    return native(name, ({ args: [onError] }) => {
      if (!object.rejected) {
        if (machine.exploring && onError instanceof Func) {
          machine.maybe('only when an error occurs', () => machine.call(onError, undefined, [new Unknown('error')]));
        }
        return object;
      }
      return onError instanceof Func ? again(() => machine.call(onError, undefined, [object.value])) : object;
    });
  }
  if (name === 'finally') {
    return native(name, ({ args: [callback] }) => {
      if (callback instanceof Func) again(() => machine.call(callback, undefined, []));
      return object;
    });
  }
  return null;
}

function flatten(value: Value): Value {
  return value instanceof Settled && !value.rejected ? flatten(value.value) : value;
}

function tableMember(machine: Machine, table: Table, name: string): Value {
  const { entries, loose } = table;
  const known = (key: Value): boolean =>
    !(key instanceof Unknown) && !(typeof key === 'string' && key.includes(UNKNOWN_TEXT));
  const all = (): Value[] => [...(table.kind === 'set' ? entries.keys() : entries.values()), ...loose];
  switch (name) {
    case 'get':
      return native(name, ({ args: [key] }) => {
        if (key !== undefined && known(key) && entries.has(key)) return entries.get(key);
        const values = all();
        if (values.length === 0) return new Unknown('a value of a map');
        return known(key ?? null) && loose.length === 0
          ? undefined
          : choice([...values, undefined], 'a value of a map');
      });
    case 'set':
    case 'add':
      return native(name, ({ args: [key, value] }) => {
        if (known(key ?? null)) entries.set(key, value);
        else if (loose.length < 16) loose.push(table.kind === 'set' ? key : value);
        return table;
      });
    case 'has':
      return native(name, ({ args: [key] }) =>
        known(key ?? null) && loose.length === 0 && machine.level === 0 && !machine.exploring
          ? entries.has(key)
          : new Unknown('has'),
      );
    case 'delete':
      return native(name, ({ args: [key] }) => {
        if (machine.level === 0 && !machine.exploring) entries.delete(key);
        return true;
      });
    case 'size':
      return machine.exploring ? new Unknown('size') : entries.size;
    case 'values':
    case 'keys':
      return native(name, () => {
        const made = new Arr(name === 'values' || table.kind === 'set' ? all() : [...entries.keys()]);
        made.open = loose.length > 0;
        return made;
      });
    case 'entries':
      return native(name, () => {
        const made = new Arr([...entries].map((pair) => new Arr([...pair])));
        for (const value of loose) made.items.push(new Arr([new Unknown('key'), value]));
        return made;
      });
    case 'forEach':
      return native(name, ({ args: [callback] }) => {
        for (const [key, value] of entries) machine.call(callback, undefined, [value, key, table]);
        for (const value of loose) machine.call(callback, undefined, [value, new Unknown('key'), table]);
        return undefined;
      });
    default:
      return new Unknown(name);
  }
}

function matches({ regex }: Pattern, text: Value): Value {
  if (typeof text !== 'string' || text.includes(UNKNOWN_TEXT) || text.length > 10_000) return new Unknown('a match');
  regex.lastIndex = 0;
  return regex.test(text);
}

function match(text: Value, pattern: Value): Value {
  if (!(pattern instanceof Pattern) || typeof text !== 'string' || text.includes(UNKNOWN_TEXT) || text.length > 10_000)
    return new Unknown('a match');
  pattern.regex.lastIndex = 0;
  const found = pattern.regex.global ? text.match(pattern.regex) : pattern.regex.exec(text);
  return found === null ? null : new Arr([...found]);
}

const TEXT_METHODS: Readonly<Record<string, (text: string, args: readonly Value[]) => Value>> = {
  startsWith: (text, [a]) => (typeof a === 'string' ? text.startsWith(a) : new Unknown('startsWith')),
  endsWith: (text, [a]) => (typeof a === 'string' ? text.endsWith(a) : new Unknown('endsWith')),
  includes: (text, [a]) => (typeof a === 'string' ? text.includes(a) : new Unknown('includes')),
  indexOf: (text, [a]) => (typeof a === 'string' ? text.indexOf(a) : new Unknown('indexOf')),
  lastIndexOf: (text, [a]) => (typeof a === 'string' ? text.lastIndexOf(a) : new Unknown('lastIndexOf')),
  toLowerCase: (text) => text.toLowerCase(),
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
  trimEnd: (text) => text.trimEnd(),
  toString: (text: string) => text,
  charAt: (text, [a]) => (typeof a === 'number' ? text.charAt(a) : new Unknown('charAt')),
  slice: (text, [a, b]) =>
    typeof a === 'number' && (b === undefined || typeof b === 'number') ? text.slice(a, b) : new Unknown('slice'),
  substring: (text, [a, b]) =>
    typeof a === 'number' && (b === undefined || typeof b === 'number')
      ? text.substring(a, b)
      : new Unknown('substring'),
  concat: (text, args) => text + args.map((arg) => textOf(arg)).join(''),
  repeat: (text, [a]) =>
    typeof a === 'number' && a * text.length < 10_000 && a >= 0 ? text.repeat(a) : new Unknown('repeat'),
  padStart: (text, [a, b]) =>
    typeof a === 'number' && a < 1000 ? text.padStart(a, typeof b === 'string' ? b : ' ') : new Unknown('padStart'),
  match: (text, [a]) => match(text, a ?? null),
  split: (text, [a, b]) => {
    if (a instanceof Pattern) return new Arr(text.split(a.regex, typeof b === 'number' ? b : undefined));
    return typeof a === 'string' ? new Arr(text.split(a, typeof b === 'number' ? b : undefined)) : new Arr([text]);
  },
  replace: (text, [a, b]) => replace(text, a, b, false),
  replaceAll: (text, [a, b]) => replace(text, a, b, true),
};

function replace(text: string, what: Value, by: Value, all: boolean): Value {
  const to = typeof by === 'string' ? by : UNKNOWN_TEXT;
  if (what instanceof Pattern) return text.replace(what.regex, to);
  if (typeof what !== 'string') return new Unknown('replace');
  return all ? text.replaceAll(what, () => to) : text.replace(what, () => to);
}

/** Methods whose result is decided by the known ends of a text with a hole in it. */
function textMember(machine: Machine, text: string, name: string): Value {
  if (name === 'length') return text.includes(UNKNOWN_TEXT) ? new Unknown('length') : text.length;
  if (/^\d+$/.test(name)) return text.includes(UNKNOWN_TEXT) ? new Unknown('a character') : text[Number(name)];
  const method = Object.hasOwn(TEXT_METHODS, name) ? TEXT_METHODS[name] : undefined;
  if (method === undefined) return new Unknown(name);
  return native(name, ({ args }) => {
    machine.step(1 + text.length / 1000);
    if (!text.includes(UNKNOWN_TEXT)) return method(text, args);
    const [first] = args;
    const head = text.slice(0, text.indexOf(UNKNOWN_TEXT));
    const tail = text.slice(text.lastIndexOf(UNKNOWN_TEXT) + 1);
    if (name === 'startsWith' && typeof first === 'string') {
      if (head.startsWith(first)) return true;
      return first.startsWith(head) ? new Unknown('startsWith') : false;
    }
    if (name === 'endsWith' && typeof first === 'string') {
      if (tail.endsWith(first)) return true;
      return first.endsWith(tail) ? new Unknown('endsWith') : false;
    }
    if (name === 'includes' && typeof first === 'string')
      return head.includes(first) || tail.includes(first) || new Unknown('includes');
    if (['toString', 'trim', 'trimEnd', 'concat', 'replace', 'replaceAll'].includes(name)) return method(text, args);
    if (name === 'toLowerCase' || name === 'toUpperCase') return method(text, args);
    return new Unknown(name);
  });
}

/** Call a callback for the items; for a list that is not known, once with something unknown. */
function eachItem(
  machine: Machine,
  list: Arr,
  callback: Value,
  visit: (result: Value, item: Value, index: number) => boolean,
): void {
  const items = list.items.slice(0, 10_000);
  for (const [index, item] of items.entries()) {
    const result = list.open
      ? (machine.maybe('it depends on a list that is not known', () =>
          machine.call(callback, undefined, [item, index, list]),
        ).value ?? undefined)
      : machine.call(callback, undefined, [item, index, list]);
    if (!visit(result, item, index)) return;
  }
  if (list.open && items.length === 0) {
    const item = new Unknown('an item');
    const result =
      machine.maybe('it depends on a list that is not known', () =>
        machine.call(callback, undefined, [item, new Unknown('index'), list]),
      ).value ?? undefined;
    visit(result, item, 0);
  }
}

function openLike(list: Arr, items: Value[]): Arr {
  const made = new Arr(items);
  made.open = list.open;
  return made;
}

const LIST_METHODS: Readonly<Record<string, (list: Arr) => Method>> = {
  forEach:
    (list) =>
    (machine, [callback]) => {
      eachItem(machine, list, callback, () => true);
      return undefined;
    },
  map:
    (list) =>
    (machine, [callback]) => {
      const items: Value[] = [];
      eachItem(machine, list, callback, (result) => items.push(result) > 0);
      return openLike(list, items);
    },
  flatMap:
    (list) =>
    (machine, [callback]) => {
      const made = openLike(list, []);
      eachItem(machine, list, callback, (result) => {
        if (result instanceof Arr) spread(machine, result, made);
        else made.items.push(result);
        return true;
      });
      return made;
    },
  filter:
    (list) =>
    (machine, [callback]) => {
      const made = openLike(list, []);
      eachItem(machine, list, callback, (result, item) => {
        const answer = truthy(result);
        if (answer !== false) made.items.push(item);
        if (answer === null) made.open = true;
        return true;
      });
      return made;
    },
  some:
    (list) =>
    (machine, [callback]) =>
      quantify(machine, list, callback, true),
  every:
    (list) =>
    (machine, [callback]) =>
      quantify(machine, list, callback, false),
  find:
    (list) =>
    (machine, [callback]) => {
      const possible: Value[] = [];
      let found: Value;
      let certain = false;
      eachItem(machine, list, callback, (result, item) => {
        const answer = truthy(result);
        if (answer === null) possible.push(item);
        if (answer === true) {
          found = item;
          certain = true;
        }
        return !certain;
      });
      if (possible.length === 0) return certain ? found : list.open ? new Unknown('an item') : undefined;
      return choice([...possible, certain ? found : undefined], 'an item');
    },
  reduce: (list) => (machine, args) => {
    const [callback, first] = args;
    const items = listOf(list);
    if (items === null) return new Unknown('reduce');
    let at = args.length > 1 ? first : items[0];
    for (const [index, item] of items.entries()) {
      if (index === 0 && args.length < 2) continue;
      at = machine.call(callback, undefined, [at, item, index, list]);
    }
    return at;
  },
  includes:
    (list) =>
    (_, [item]) => {
      let unknown = list.open;
      for (const one of list.items) {
        const same = equals(one, item);
        if (same === true) return true;
        if (same === null) unknown = true;
      }
      return unknown ? new Unknown('includes') : false;
    },
  indexOf:
    (list) =>
    (_, [item]) =>
      list.open ? new Unknown('indexOf') : list.items.findIndex((one) => equals(one, item) === true),
  join:
    (list) =>
    (_, [separator]) =>
      list.open
        ? UNKNOWN_TEXT
        : list.items
            .map((item) => (item == null ? '' : textOf(item)))
            .join(separator === undefined ? ',' : textOf(separator)),
  push: (list) => (machine, args) => {
    if (machine.exploring && list.items.length > 64) list.open = true;
    else list.items.push(...args);
    return list.items.length;
  },
  unshift: (list) => (_, args) => list.items.unshift(...args),
  pop: (list) => (machine) => (machine.level > 0 || list.open ? someItem(list, 'an item') : list.items.pop()),
  shift: (list) => (machine) => (machine.level > 0 || list.open ? someItem(list, 'an item') : list.items.shift()),
  slice:
    (list) =>
    (_, [from, to]) =>
      (from === undefined || typeof from === 'number') && (to === undefined || typeof to === 'number')
        ? openLike(list, list.items.slice(from, to))
        : openLike(list, [...list.items]),
  splice:
    (list) =>
    (_, [from, count]) =>
      typeof from === 'number'
        ? new Arr(list.items.splice(from, typeof count === 'number' ? count : list.items.length))
        : new Arr(),
  concat: (list) => (machine, args) => {
    const made = openLike(list, [...list.items]);
    for (const arg of args) {
      if (arg instanceof Arr || arg instanceof Unknown) spread(machine, arg, made);
      else made.items.push(arg);
    }
    return made;
  },
  flat: (list) => (machine) => {
    const made = openLike(list, []);
    for (const item of list.items) {
      if (item instanceof Arr) spread(machine, item, made);
      else made.items.push(item);
    }
    return made;
  },
  reverse: (list) => () => {
    list.items.reverse();
    return list;
  },
  sort: (list) => () => list,
  at:
    (list) =>
    (_, [index]) =>
      typeof index === 'number' && !list.open ? list.items.at(index) : someItem(list, 'an item'),
  values: (list) => () => list,
  keys: (list) => () => new Arr(list.items.map((_, index) => index)),
  entries: (list) => () =>
    openLike(
      list,
      list.items.map((item, index) => new Arr([index, item])),
    ),
  fill: (list) => () => list,
};

function quantify(machine: Machine, list: Arr, callback: Value, wanted: boolean): Value {
  let unknown = list.open;
  let decided = false;
  eachItem(machine, list, callback, (result) => {
    const answer = truthy(result);
    if (answer === null) unknown = true;
    if (answer === wanted) decided = true;
    return !decided;
  });
  if (decided) return wanted;
  return unknown ? new Unknown('a condition') : !wanted;
}

function listMember(machine: Machine, list: Arr, name: string): Value {
  if (name === 'length') return list.open ? new Unknown('length') : list.items.length;
  if (/^\d+$/.test(name)) {
    const index = Number(name);
    return index < list.items.length || !list.open ? list.items[index] : new Unknown('an item');
  }
  const method = Object.hasOwn(LIST_METHODS, name) ? LIST_METHODS[name] : undefined;
  if (method === undefined) return new Unknown(name);
  const run = method(list);
  return native(name, ({ args }) => {
    machine.step();
    return run(machine, args);
  });
}

/** `Promise` and the static functions of the language. */
export function languageGlobals(machine: Machine): Map<string, Value> {
  const makePromise = ({ args: [executor] }: { args: readonly Value[] }): Value => {
    let result: Settled | null = null;
    const resolve = native('resolve', ({ args: [value] }) => {
      result ??= value instanceof Settled ? value : new Settled(value);
      return undefined;
    });
    const reject = native('reject', ({ args: [value] }) => {
      result ??= machine.level > 0 ? new Settled(undefined) : new Settled(value, true);
      return undefined;
    });
    try {
      machine.call(executor, undefined, [resolve, reject]);
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      result ??= new Settled(error.value, true);
    }
    return result ?? new Settled(undefined);
  };
  const Promise_ = native('Promise', makePromise);
  const all = native('all', ({ args: [list] }) => {
    const items = list === undefined ? null : listOf(list);
    if (items === null)
      return new Settled(list instanceof Arr ? openLike(list, list.items.map(flatten)) : new Unknown('Promise.all()'));
    const failed = items.find((item) => item instanceof Settled && item.rejected);
    return failed instanceof Settled ? failed : new Settled(new Arr(items.map(flatten)));
  });
  Promise_.props.set('all', all);
  Promise_.props.set(
    'allSettled',
    native(
      'allSettled',
      ({ args: [list] }) =>
        new Settled(
          list instanceof Arr
            ? openLike(
                list,
                list.items.map(
                  (value) =>
                    new Obj([
                      ['status', new Unknown('status')],
                      ['value', flatten(value)],
                    ]),
                ),
              )
            : new Unknown('Promise.allSettled()'),
        ),
    ),
  );
  const race = native('race', ({ args: [list] }) => {
    const items = list === undefined ? null : listOf(list);
    return new Settled(
      items === null || items.length === 0
        ? new Unknown('Promise.race()')
        : choice(items.map((item) => (item instanceof Settled && item.rejected ? undefined : flatten(item)))),
    );
  });
  Promise_.props.set('race', race);
  Promise_.props.set('any', race);
  Promise_.props.set(
    'resolve',
    native('resolve', ({ args: [value] }) => (value instanceof Settled ? value : new Settled(value))),
  );
  Promise_.props.set(
    'reject',
    native('reject', ({ args: [value] }) => new Settled(value, true)),
  );

  const list = native('Array', () => new Arr());
  list.props.set(
    'isArray',
    native('isArray', ({ args: [value] }) =>
      value instanceof Unknown ? new Unknown('isArray') : value instanceof Arr,
    ),
  );
  list.props.set(
    'of',
    native('of', ({ args }) => new Arr([...args])),
  );
  list.props.set(
    'from',
    native('from', ({ args: [value, callback] }) => {
      const made = new Arr();
      if (value instanceof Obj && typeof value.props.get('length') === 'number') {
        made.items.length = Math.min(1000, Number(value.props.get('length')));
        made.items.fill(undefined);
      } else if (value !== undefined) spread(machine, value, made);
      return callback instanceof Func ? machine.call(memberOf(machine, made, 'map'), made, [callback]) : made;
    }),
  );

  const object = native('Object', ({ args: [value] }) => value ?? new Obj());
  const pairs = (value: Value): [string, Value][] | null => {
    if (value instanceof Obj) return value.open ? null : [...value.props].filter(([key]) => !key.startsWith('\u0000'));
    return value instanceof Arr ? value.items.map((item, index) => [String(index), item]) : null;
  };
  const openList = (value: Value): Arr => {
    const made = new Arr(value instanceof Obj ? [...value.props.values()] : []);
    made.open = true;
    return made;
  };
  object.props.set(
    'keys',
    native('keys', ({ args: [value] }) => {
      const known = pairs(value);
      if (known !== null) return new Arr(known.map(([key]) => key));
      const made = new Arr();
      made.open = true;
      return made;
    }),
  );
  object.props.set(
    'values',
    native('values', ({ args: [value] }) => {
      const known = pairs(value);
      return known === null ? openList(value) : new Arr(known.map(([, inner]) => inner));
    }),
  );
  object.props.set(
    'entries',
    native('entries', ({ args: [value] }) => {
      const known = pairs(value);
      if (known !== null) return new Arr(known.map(([key, inner]) => new Arr([key, inner])));
      const made = new Arr(
        value instanceof Obj
          ? [...value.props].map(
              ([key, inner]) => new Arr([key.startsWith('\u0000') ? new Unknown('key') : key, inner]),
            )
          : [],
      );
      made.open = true;
      return made;
    }),
  );
  object.props.set(
    'assign',
    native('assign', ({ args: [target, ...sources] }) => {
      for (const source of sources) {
        if (!(target instanceof Obj)) break;
        if (source instanceof Obj) for (const [key, inner] of source.props) target.props.set(key, inner);
        if (source instanceof Unknown || (source instanceof Obj && source.open)) target.open = true;
      }
      return target;
    }),
  );
  object.props.set(
    'freeze',
    native('freeze', ({ args: [value] }) => value),
  );
  object.props.set(
    'fromEntries',
    native('fromEntries', ({ args: [value] }) => {
      const made = new Obj();
      for (const pair of (value === undefined ? null : listOf(value)) ?? []) {
        if (pair instanceof Arr && typeof pair.items[0] === 'string') made.props.set(pair.items[0], pair.items[1]);
      }
      return made;
    }),
  );
  object.props.set(
    'defineProperty',
    native('defineProperty', ({ args: [value] }) => value),
  );

  const table = (kind: 'map' | 'set'): Func =>
    native(kind, ({ args: [initial] }) => {
      const made = new Table(kind);
      for (const item of (initial === undefined ? null : listOf(initial)) ?? []) {
        if (kind === 'set') made.entries.set(item, item);
        else if (item instanceof Arr) made.entries.set(item.items[0], item.items[1]);
      }
      return made;
    });

  const text = native('String', ({ args: [value] }) => textOf(value ?? ''));
  text.props.set(
    'raw',
    native('raw', ({ args: [strings, ...values] }) => {
      const parts =
        strings === undefined ? null : listOf(strings instanceof Obj ? (strings.props.get('raw') ?? strings) : strings);
      return parts === null
        ? UNKNOWN_TEXT
        : parts.map((part, index) => textOf(part) + (index < values.length ? textOf(values[index]) : '')).join('');
    }),
  );
  const error = new Func('Error', {});
  error.prototype = new Obj([['name', 'Error']]);
  error.construct = (self, [message]) => {
    self.props.set('message', message ?? '');
  };
  const json = new Obj([
    ['parse', native('parse', ({ args: [value] }) => parseJson(value))],
    ['stringify', native('stringify', () => new Unknown('JSON.stringify()'))],
  ]);
  const number = native('Number', ({ args: [value] }) =>
    typeof value === 'string' && !value.includes(UNKNOWN_TEXT)
      ? Number(value)
      : typeof value === 'number'
        ? value
        : new Unknown('a number'),
  );
  const integer = native('parseInt', ({ args: [value, radix] }) =>
    typeof value === 'string' && !value.includes(UNKNOWN_TEXT)
      ? Number.parseInt(value, typeof radix === 'number' ? radix : 10)
      : new Unknown('a number'),
  );
  const expression = native('RegExp', ({ args: [source, flags] }) => {
    if (source instanceof Pattern) return source;
    if (
      typeof source !== 'string' ||
      source.includes(UNKNOWN_TEXT) ||
      source.length > 200 ||
      /\([^)]*[+*][^)]*\)[+*{]/.test(source)
    )
      return new Unknown('a regular expression');
    try {
      return new Pattern(new RegExp(source, typeof flags === 'string' ? flags : ''));
    } catch {
      return new Unknown('a regular expression');
    }
  });
  const console_ = new Obj();
  for (const name of [
    'log',
    'info',
    'warn',
    'error',
    'debug',
    'trace',
    'time',
    'timeEnd',
    'table',
    'group',
    'groupEnd',
    'clear',
  ]) {
    console_.props.set(
      name,
      native(name, () => undefined),
    );
  }
  return new Map<string, Value>([
    ['Promise', Promise_],
    ['Array', list],
    ['Object', object],
    ['Map', table('map')],
    ['WeakMap', table('map')],
    ['Set', table('set')],
    ['String', text],
    ['Number', number],
    ['parseInt', integer],
    ['Boolean', native('Boolean', ({ args: [value] }) => truthy(value) ?? new Unknown('a condition'))],
    ['Error', error],
    ['TypeError', error],
    ['RangeError', error],
    ['JSON', json],
    ['RegExp', expression],
    ['console', console_],
    [
      'encodeURIComponent',
      native('encodeURIComponent', ({ args: [value] }) =>
        typeof value === 'string' && !value.includes(UNKNOWN_TEXT) ? encodeURIComponent(value) : UNKNOWN_TEXT,
      ),
    ],
    ['decodeURIComponent', native('decodeURIComponent', ({ args: [value] }) => value)],
    ['globalThis', new Unknown('globalThis')],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
  ]);
}

/** Plain data as values. */
export function fromData(data: unknown, depth = 0): Value {
  if (data === null || typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean') return data;
  if (depth > 32) return new Unknown('data');
  if (Array.isArray(data)) return new Arr(data.map((item) => fromData(item, depth + 1)));
  if (typeof data === 'object')
    return new Obj(Object.entries(data).map(([key, value]) => [key, fromData(value, depth + 1)] as const));
  return undefined;
}

function parseJson(value: Value): Value {
  if (typeof value !== 'string' || value.includes(UNKNOWN_TEXT) || value.length > 1_000_000)
    return new Unknown('JSON.parse()');
  try {
    return fromData(JSON.parse(value));
  } catch {
    throw new Thrown(new Obj([['message', 'invalid JSON']]));
  }
}
