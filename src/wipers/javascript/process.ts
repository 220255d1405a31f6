import type { Files } from './files.ts';
import { Exit } from './flow.ts';
import type { Machine } from './machine.ts';
import { Arr, Func, native, Obj, Unknown, type Value } from './value.ts';

/** Events of `process` that come when the program ends by itself. */
const ENDS = new Set(['exit', 'beforeExit']);

export function processObject(machine: Machine, files: Files, environment: Obj, args: readonly string[]): Obj {
  const on = native('on', ({ self, args: [name, callback] }) => {
    const event = typeof name === 'string' ? name : null;
    const kind = event === null ? 'unknown' : ENDS.has(event) ? 'start' : event.startsWith('SIG') ? 'signal' : 'event';
    machine.enqueue({ kind, name: event }, callback ?? null, [new Unknown('event'), new Unknown('event')]);
    return self;
  });
  const made = new Obj([
    ['env', environment],
    ['argv', new Arr(['node', ...args])],
    ['execPath', 'node'],
    ['platform', 'linux'],
    ['cwd', native('cwd', () => files.cwd)],
    [
      'chdir',
      native('chdir', ({ args: [path] }) => {
        const [to] = files.paths(path);
        if (to !== undefined) files.cwd = to;
        return undefined;
      }),
    ],
    [
      'exit',
      native('exit', () => {
        throw new Exit();
      }),
    ],
    [
      'abort',
      native('abort', () => {
        throw new Exit();
      }),
    ],
    ['on', on],
    ['once', on],
    ['addListener', on],
    ['nextTick', native('nextTick', ({ args: [callback, ...rest] }) => machine.call(callback, undefined, rest))],
    ['exitCode', undefined],
    ['stdin', new Unknown('process.stdin')],
    ['stdout', new Obj([['write', native('write', () => true)]])],
    ['stderr', new Obj([['write', native('write', () => true)]])],
    ['uptime', native('uptime', () => new Unknown('a number'))],
  ]);
  made.open = true;
  return made;
}

/** `setTimeout` and its kin: put off, and run with the trigger that set them (an interval: a timer). */
export function timers(machine: Machine): [string, Value][] {
  const later = (name: string, repeats: boolean): [string, Value] => [
    name,
    native(name, ({ args: [callback, , ...rest] }) => {
      if (callback instanceof Func && callback.native !== null) machine.call(callback, undefined, rest);
      else
        machine.enqueue(
          repeats && machine.trigger.kind !== 'test' ? { kind: 'timer', name } : machine.trigger,
          callback ?? null,
          rest,
        );
      return new Unknown('a timer');
    }),
  ];
  const test = (name: string): [string, Value] => {
    const run = native(name, ({ args }) => {
      const before = machine.trigger;
      machine.trigger = { kind: 'test', name: typeof args[0] === 'string' ? args[0] : name };
      try {
        for (const arg of args) if (arg instanceof Func) machine.isolated(() => machine.call(arg, undefined, []));
      } finally {
        machine.trigger = before;
      }
      return undefined;
    });
    run.props.set('only', run);
    run.props.set(
      'skip',
      native('skip', () => undefined),
    );
    return [name, run];
  };
  return [
    later('setTimeout', false),
    later('setImmediate', false),
    later('setInterval', true),
    ['queueMicrotask', native('queueMicrotask', ({ args: [callback] }) => machine.call(callback, undefined, []))],
    ['clearTimeout', native('clearTimeout', () => undefined)],
    ['clearInterval', native('clearInterval', () => undefined)],
    ...['describe', 'it', 'test', 'beforeEach', 'beforeAll', 'before', 'afterEach', 'afterAll', 'after', 'suite'].map(
      test,
    ),
  ];
}
