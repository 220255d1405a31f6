import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the page behaves; changed between two loads. */
export interface Behaviour {
  /** Clears both stores and goes to `?post_logout=1`, as WhatsApp does for a device that was removed. */
  readonly logout?: true | 'after-ready';
  readonly logoutMs?: number;
  /** Loads and never says anything. */
  readonly silent?: boolean;
  /** Writes to Local Storage at every start. */
  readonly rotate?: boolean;
  readonly syncMs?: number;
}

/** What the page found in its stores when it loaded: the truth that verdicts are compared with. */
export interface Load {
  readonly linked: boolean;
  readonly localStorage: string | null;
  readonly indexedDb: string | null;
  readonly error: string | null;
  readonly search: string;
}

/** A stand-in for https://web.whatsapp.com on the loopback interface. */
export interface StandIn {
  readonly port: number;
  /** Flags that lead a browser to it. */
  readonly browserArgs: readonly string[];
  readonly loads: Load[];
  /** How often a page was paired; tests set it back. */
  paired: number;
  behave(behaviour: Behaviour): void;
  /** Called for every load, before the page goes on. */
  onLoad: (load: Load) => void;
  /** Pair the page that shows a QR code, now or as soon as one does. */
  pair(token: string): void;
  /** Resolves when a page shows a QR code and waits. */
  waiting(): Promise<void>;
  close(): Promise<void>;
}

const page = readFileSync(join(import.meta.dirname, 'page.html'), 'utf8');

function selfSigned(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '2',
        '-subj',
        '/CN=web.whatsapp.com',
      ],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Start the stand-in on a free port. */
export async function startStandIn(): Promise<StandIn> {
  let behaviour: Behaviour = {};
  let token: string | null = null;
  const polls = new Set<ServerResponse>();
  let announce: () => void = () => {};
  const loads: Load[] = [];

  const pairNow = () => {
    if (token === null) return;
    for (const poll of polls) poll.end(token);
    if (polls.size > 0) token = null;
    polls.clear();
  };

  const server: Server = createServer(selfSigned(), (request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/') {
      response.setHeader('content-type', 'text/html');
      response.end(page.replace('/*SETTINGS*/ {}', JSON.stringify(behaviour)));
    } else if (path === '/stand-in/wait') {
      polls.add(response);
      response.on('close', () => polls.delete(response));
      announce();
      pairNow();
    } else if (path === '/stand-in/loaded' || path === '/stand-in/paired') {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        if (path === '/stand-in/loaded') {
          const load = JSON.parse(body) as Load;
          loads.push(load);
          standIn.onLoad(load);
        } else standIn.paired += 1;
        response.end('ok');
      });
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const standIn: StandIn = {
    port,
    browserArgs: [
      `--host-resolver-rules=MAP web.whatsapp.com 127.0.0.1:${port}`,
      '--ignore-certificate-errors',
      '--no-sandbox',
    ],
    loads,
    paired: 0,
    behave(next) {
      behaviour = next;
    },
    onLoad: () => {},
    pair(next) {
      token = next;
      pairNow();
    },
    waiting: () =>
      polls.size > 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            announce = resolve;
          }),
    async close() {
      for (const poll of polls) poll.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}
