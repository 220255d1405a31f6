import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  isMainThread,
  MessageChannel,
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  Worker,
  workerData,
} from 'node:worker_threads';
import { type Disk, errnoError, localDisk } from './disk.ts';

/**
 * Disk calls on network file systems, made by a child process that can be killed when the mount stalls.
 * A worker thread owns the child, so that this thread can wait for an answer with a time limit and stay synchronous.
 * This file is all three: the client, the worker (`workerData`) and the child (`process.send`).
 */

/** A healthy NFS or FUSE server answers a single call within milliseconds; two seconds of silence is a stall. */
const CALL_LIMIT_MS = 2_000;
/** Starting the child costs about 40 ms on an idle machine; a loaded one takes longer. */
const START_LIMIT_MS = 10_000;

type Call = {
  readonly [Name in keyof Disk]: { readonly name: Name; readonly args: Parameters<Disk[Name]> };
}[keyof Disk];
type Reply = { readonly value: unknown } | { readonly code: string };

const CHILD_MARK = 'wa-doctor-disk-child';

function perform(call: Call): Reply {
  try {
    const method = localDisk[call.name] as (...args: unknown[]) => unknown;
    return { value: method(...call.args) };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? 'EIO' };
  }
}

function runChild(): void {
  process.on('message', (call: Call) => process.send?.(perform(call)));
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}

function runWorker(): void {
  const { flag, port } = workerData as { flag: Int32Array; port: MessagePort };
  const child = fork(fileURLToPath(import.meta.url), [CHILD_MARK], {
    serialization: 'advanced',
    stdio: 'ignore',
    execArgv: [],
    env: {},
  });
  const answer = (reply: unknown) => {
    port.postMessage(reply);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  };
  child.on('message', answer);
  child.on('error', () => answer({ code: 'EIO' }));
  parentPort?.on('message', (message: Call | 'kill') => {
    if (message === 'kill') {
      child.kill('SIGKILL');
      process.exit(0);
    }
    child.send(message);
  });
}

/** A disk whose every call is made by a killable child. The first stall ends the child; later calls fail at once with `ETIMEDOUT`. */
export function createNetworkDisk(): Disk & { close(): void } {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { mark: CHILD_MARK, flag, port: port2 },
    transferList: [port2],
  });
  worker.unref();
  port1.unref();
  let state: 'starting' | 'ready' | 'stalled' = 'starting';

  const wait = (limit: number): unknown => {
    const outcome = Atomics.wait(flag, 0, 0, limit);
    Atomics.store(flag, 0, 0);
    return outcome === 'timed-out' ? undefined : receiveMessageOnPort(port1)?.message;
  };
  const close = () => {
    state = 'stalled';
    worker.postMessage('kill');
  };
  const ask = (call: Call): unknown => {
    const path = String(call.args[0]);
    if (state === 'starting') state = wait(START_LIMIT_MS) === 'ready' ? 'ready' : 'stalled';
    if (state === 'stalled') throw errnoError('ETIMEDOUT', path);
    worker.postMessage(call);
    const reply = wait(CALL_LIMIT_MS) as Reply | undefined;
    if (reply === undefined) {
      close();
      throw errnoError('ETIMEDOUT', path);
    }
    if ('code' in reply) throw errnoError(reply.code, path);
    return reply.value;
  };

  return {
    lstat: (...args) => ask({ name: 'lstat', args }) as ReturnType<Disk['lstat']>,
    readlink: (...args) => ask({ name: 'readlink', args }) as string,
    readdir: (...args) => ask({ name: 'readdir', args }) as ReturnType<Disk['readdir']>,
    read: (...args) => ask({ name: 'read', args }) as Uint8Array,
    statfs: (...args) => ask({ name: 'statfs', args }) as ReturnType<Disk['statfs']>,
    writable: (...args) => ask({ name: 'writable', args }) as boolean,
    mountId: (...args) => ask({ name: 'mountId', args }) as number | null,
    close,
  };
}

if (!isMainThread && (workerData as { mark?: string } | null)?.mark === CHILD_MARK) runWorker();
else if (isMainThread && process.argv[2] === CHILD_MARK && process.send !== undefined) runChild();
