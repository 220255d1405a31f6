import type { Files } from './files.ts';
import type { Machine } from './machine.ts';
import { alternativesOf, Func, native, Obj, Settled, textOf, Unknown, type Value } from './value.ts';

/** Directory name by strategy (src/authStrategies of whatsapp-web.js 1.34.7). */
const PREFIX: Readonly<Record<string, string>> = { LocalAuth: 'session', RemoteAuth: 'RemoteAuth' };

/** The profile that a strategy object keeps; `null` when it keeps none or its path is not known. */
function profileOf(files: Files, strategy: Value): string | null {
  if (!(strategy instanceof Obj) || strategy.kind === null) return null;
  const prefix = PREFIX[strategy.kind];
  if (prefix === undefined) return null;
  const dataPath = strategy.props.get('dataPath') ?? './.wwebjs_auth/';
  const clientId = strategy.props.get('clientId');
  const [base] = files.paths(dataPath);
  if (base === undefined) return null;
  const named = clientId !== undefined && clientId !== null && clientId !== '';
  return `${base}/${named ? `${prefix}-${textOf(clientId)}` : prefix}`;
}

function strategyClass(files: Files, kind: string): Func {
  const made = new Func(kind, {});
  const prototype = new Obj([
    [
      'logout',
      native('logout', ({ self }) => {
        const path = profileOf(files, self);
        files.record('delete', 'authStrategy.logout', path === null ? [] : [path], {
          recursive: true,
          deed: 'logout',
          ...(path === null ? { reason: 'the profile of the strategy is not known' } : {}),
        });
        return new Settled(undefined);
      }),
    ],
    ['destroy', native('destroy', () => new Settled(undefined))],
    ['disconnect', native('disconnect', () => new Settled(undefined))],
  ]);
  made.prototype = prototype;
  made.construct = (self, [options]) => {
    self.kind = kind;
    self.open = true;
    for (const name of ['dataPath', 'clientId']) {
      if (options instanceof Obj) {
        if (options.props.has(name)) self.props.set(name, options.props.get(name));
        else if (options.open && name === 'dataPath') self.props.set(name, new Unknown('dataPath'));
      } else if (options instanceof Unknown) self.props.set(name, new Unknown(name));
    }
  };
  return made;
}

/** whatsapp-web.js as far as the loss of a session needs it: clients, strategies, `logout` against `destroy`, events. */
export function libraryModule(machine: Machine, files: Files): Obj {
  const client = new Func('Client', {});
  const register = native('on', ({ self, args: [name, callback] }) => {
    machine.enqueue({ kind: 'event', name: typeof name === 'string' ? name : null }, callback ?? null, [
      new Unknown('event'),
      new Unknown('event'),
    ]);
    return self;
  });
  const ignore = (value: Value) => native('ignored', () => value);
  client.prototype = new Obj([
    ['on', register],
    ['once', register],
    ['addListener', register],
    [
      'logout',
      native('logout', ({ self }) => {
        const strategy = self instanceof Obj ? self.props.get('authStrategy') : undefined;
        logout(
          files,
          alternativesOf(strategy).map((one) => profileOf(files, one)),
        );
        return new Settled(undefined);
      }),
    ],
    ['destroy', ignore(new Settled(undefined))],
    ['initialize', ignore(new Settled(undefined))],
    ['removeAllListeners', ignore(undefined)],
  ]);
  client.construct = (self, [options]) => {
    self.kind = 'Client';
    self.open = true;
    if (options instanceof Obj) {
      const strategy = options.props.get('authStrategy');
      if (strategy !== undefined) self.props.set('authStrategy', strategy);
      self.props.set('options', options);
    }
  };
  const made = new Obj([['Client', client]]);
  for (const kind of ['LocalAuth', 'RemoteAuth', 'NoAuth', 'LegacySessionAuth'])
    made.props.set(kind, strategyClass(files, kind));
  made.open = true;
  made.props.set('default', made);
  return made;
}

/** `client.logout()`: the device is unlinked and the strategy deletes the profile. */
export function logout(files: Files, profiles: readonly (string | null)[]): void {
  const known = profiles.filter((path) => path !== null);
  files.record('delete', 'client.logout', known.length > 0 ? known : [], {
    recursive: true,
    deed: 'logout',
  });
}

/** Receivers of `.logout()` that are a WhatsApp client by their name. */
const CLIENTS =
  /(?:client|wbot|whatsapp|wwebjs|wweb|\bwpp\b|\bwa\b|\bwa[A-Z_]\w*|\bbot\b|\bsock\b|sessions?\b|instances?\b|connections?\b)[\w$?!.\])(]*$/i;
const OTHERS =
  /\b(?:req|request|ctx|context|auth|user|users|passport|api|discord|telegram|supabase|firebase|store|router|keycloak|msal|account)\b[\w$]*[?!)\]]*$/i;

/** Could this text of a receiver be the bot's client? */
export function looksLikeClient(text: string): boolean {
  const plain = text
    .replace(/\s+/g, '')
    .replace(/\((?:[^()]*)\)/g, '()')
    .replace(/\[[^\]]*\]/g, '[]');
  return CLIENTS.test(plain) && !OTHERS.test(plain);
}
