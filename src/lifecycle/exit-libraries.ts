/** A library that registers signal handlers for the bot. One line a library; facts from each one's README. */
export interface ExitLibrary {
  readonly name: string;
  /** Exported name that is called; `default` for the module itself; a method of what it makes for Nest. */
  readonly call: string;
  readonly signals: readonly ('SIGINT' | 'SIGTERM' | 'SIGHUP')[];
  /** Where the bot's own work stands: argument numbers, and keys of option objects. */
  readonly arguments: readonly number[];
  readonly keys: readonly string[];
  /** Does it wait for the promise of that work? */
  readonly waits: boolean;
}

export const EXIT_LIBRARIES: readonly ExitLibrary[] = [
  {
    name: 'http-graceful-shutdown',
    call: 'default',
    signals: ['SIGINT', 'SIGTERM'],
    arguments: [],
    keys: ['onShutdown', 'preShutdown'],
    waits: true,
  },
  {
    name: 'close-with-grace',
    call: 'default',
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    arguments: [0, 1],
    keys: [],
    waits: true,
  },
  { name: 'exit-hook', call: 'default', signals: ['SIGINT', 'SIGTERM'], arguments: [0], keys: [], waits: false },
  { name: 'exit-hook', call: 'asyncExitHook', signals: ['SIGINT', 'SIGTERM'], arguments: [0], keys: [], waits: true },
  {
    name: 'async-exit-hook',
    call: 'default',
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    arguments: [0],
    keys: [],
    waits: true,
  },
  {
    name: 'signal-exit',
    call: 'onExit',
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    arguments: [0],
    keys: [],
    waits: false,
  },
  {
    name: 'signal-exit',
    call: 'default',
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    arguments: [0],
    keys: [],
    waits: false,
  },
  {
    name: 'node-graceful-shutdown',
    call: 'onShutdown',
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    arguments: [0, 1, 2],
    keys: [],
    waits: true,
  },
  {
    name: 'node-graceful',
    call: 'on',
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    arguments: [1],
    keys: [],
    waits: true,
  },
  {
    name: '@godaddy/terminus',
    call: 'createTerminus',
    signals: ['SIGTERM'],
    arguments: [],
    keys: ['onSignal', 'beforeShutdown', 'onShutdown'],
    waits: true,
  },
  {
    name: 'lightship',
    call: 'registerShutdownHandler',
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    arguments: [0],
    keys: [],
    waits: true,
  },
  { name: 'death', call: 'default', signals: ['SIGINT', 'SIGTERM'], arguments: [0], keys: [], waits: false },
  {
    name: 'node-cleanup',
    call: 'default',
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    arguments: [0],
    keys: [],
    waits: false,
  },
  { name: 'shutdown-hook', call: 'add', signals: ['SIGINT', 'SIGTERM'], arguments: [0], keys: [], waits: true },
  { name: 'express-graceful-exit', call: 'gracefulExitHandler', signals: [], arguments: [], keys: [], waits: false },
];

/** Texts that lead to the files worth parsing. */
export const EXIT_LIBRARY_NAMES: readonly string[] = [...new Set(EXIT_LIBRARIES.map(({ name }) => name))];
