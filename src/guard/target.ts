import { basename, join, resolve } from 'node:path';
import type { SessionTarget } from './types.ts';

/** Where a client keeps its login, and what speaks against that place whatever is there. */
export interface Place {
  readonly path: string | null;
  /** `remote`: a store holds the login, and the directory is a working copy. */
  readonly kind: 'local' | 'remote';
  readonly problem: { readonly code: string; readonly message: string; readonly fix: readonly string[] } | null;
}

interface ClientParts {
  readonly authStrategy?: {
    readonly dataPath?: unknown;
    readonly clientId?: unknown;
    readonly store?: unknown;
    readonly constructor?: { readonly name?: string };
  };
  readonly options?: {
    readonly puppeteer?: {
      readonly args?: unknown;
      readonly userDataDir?: unknown;
      readonly browserWSEndpoint?: unknown;
    };
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const local = (path: string): Place => ({ path: resolve(path), kind: 'local', problem: null });

function sessionIn(dataPath: string, clientId: string | null, remote = false): string {
  const name = remote ? 'RemoteAuth' : 'session';
  return join(dataPath, clientId === null ? name : `${name}-${clientId}`);
}

const KEEP = [
  "Give the client a strategy that keeps the login: authStrategy: new LocalAuth({ dataPath: '/data/wwebjs' }).",
];

/** The session directory of a client, of a data path, or of a session directory itself. Same rules as whatsapp-web.js 1.34.7. */
export function placeOf(target: SessionTarget): Place {
  if (typeof target === 'string') {
    return /^(session|RemoteAuth)(-|$)/.test(basename(target)) ? local(target) : local(sessionIn(target, null));
  }
  if (!('destroy' in target)) {
    return local(sessionIn(target.dataPath ?? './.wwebjs_auth/', text(target.clientId)));
  }
  const { authStrategy, options } = target as ClientParts;
  const puppeteer = options?.puppeteer;
  if (Array.isArray(puppeteer?.args) && puppeteer.args.some((arg) => /^--(incognito|guest)$/.test(String(arg)))) {
    const message = 'The browser is started with --incognito: nothing of the login is stored.';
    return { path: null, kind: 'local', problem: { code: 'WA203', message, fix: ['Remove the flag.'] } };
  }
  const dataPath = text(authStrategy?.dataPath);
  if (dataPath !== null) {
    const remote = authStrategy?.store !== undefined && authStrategy.store !== null;
    const path = resolve(sessionIn(dataPath, text(authStrategy?.clientId), remote));
    return { path, kind: remote ? 'remote' : 'local', problem: null };
  }
  const userDataDir = text(puppeteer?.userDataDir);
  if (userDataDir !== null) return local(userDataDir);
  const message = `The client has no strategy that keeps the login (${authStrategy?.constructor?.name ?? 'none'}): every start shows a QR code.`;
  return { path: null, kind: 'local', problem: { code: 'WA203', message, fix: KEEP } };
}
