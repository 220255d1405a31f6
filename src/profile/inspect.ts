import type { AbsolutePath } from '../model/path.ts';
import type { Profile } from '../model/profile.ts';
import type { Reader } from '../model/reader.ts';
import { describeName } from './discover.ts';
import { readSingleton } from './locks.ts';
import { lastExitOf, type RunMarks, readRunMarks } from './marks.ts';
import type { BrowserVersion } from './marks-browser.ts';
import { keyWasRemoved } from './marks-removed.ts';
import { judgeOwner, type Owners } from './owner.ts';
import { judgePermissions } from './permissions.ts';
import { timesOf, walkProfile } from './sizes.ts';
import { type Depth, readStores, type StoreReading } from './stores.ts';
import { judgeLogin, type Verdict } from './verdict.ts';

export interface InspectOptions {
  /** `quick`: names, manifests, log tails. `full`: every block of every file is verified. */
  readonly depth: Depth;
  /** Add up what all files hold, caches apart. Default: at depth `full`. */
  readonly sizes?: boolean;
  /** Milliseconds since the epoch: the clock comes in from outside. */
  readonly now: number;
  /** The browser that will run, if known (`nextBrowser`). */
  readonly next?: BrowserVersion | null;
  /** Show the last four digits of the account instead of two. */
  readonly showAccount?: boolean;
}

/** A profile, and the facts of its stores from which a repair is planned. */
export interface Inspection {
  readonly profile: Profile;
  /** `null`: there was nothing to read. */
  readonly reading: StoreReading | null;
}

const DAY_MS = 86_400_000;

/** What a directory without `Default/` is. */
function judgeWithoutDefault(reader: Reader, path: AbsolutePath, marks: RunMarks, locked: boolean): Verdict {
  const real = reader.resolve(path);
  if (!real.ok) return { state: 'unknown', confidence: 'low', evidence: [`${path}: ${real.failure.reason}`] };
  if (!real.value.exists) {
    return { state: 'missing', confidence: 'high', evidence: [`${path} does not exist`] };
  }
  const listed = reader.list(real.value.resolved);
  if (!listed.ok) {
    return listed.failure.kind === 'not-a-directory'
      ? { state: 'missing', confidence: 'high', evidence: [`${path}: ${listed.failure.reason}`] }
      : { state: 'unknown', confidence: 'low', evidence: [`${path}: ${listed.failure.reason}`] };
  }
  if (listed.value.length === 0) return { state: 'missing', confidence: 'high', evidence: ['the directory is empty'] };
  if (marks.localState || marks.variations !== null || marks.lastVersion !== null || locked) {
    return {
      state: 'incomplete',
      confidence: 'high',
      evidence: ['the profile was half deleted: files of a browser are there, the directory Default is not'],
    };
  }
  return { state: 'missing', confidence: 'high', evidence: ['the directory holds no Chromium profile'] };
}

/**
 * Look into one user data directory without a browser: is there a login, is it whole, who owns it, how did the last run end?
 * Reads only; nothing is opened for writing, no link, FIFO or device inside is followed or opened. Never throws: what could not be
 * looked at is in `gaps`, and the state is then `unknown`.
 *
 * @param reader the machine under examination
 * @param owners its processes and locks (`readOwners`), read once for any number of profiles
 * @param path   the user data directory (`<dataPath>/session-<clientId>`); need not exist
 */
export async function inspectProfile(
  reader: Reader,
  owners: Owners,
  path: AbsolutePath,
  options: InspectOptions,
): Promise<Profile> {
  return (await inspect(reader, owners, path, options)).profile;
}

/** {@link inspectProfile}, with what the stores said. */
export async function inspect(
  reader: Reader,
  owners: Owners,
  path: AbsolutePath,
  options: InspectOptions,
): Promise<Inspection> {
  const resolved = reader.resolve(path);
  // Only the last name may be a link (a session on a volume, linked into the project); nothing inside is followed.
  const real = resolved.ok ? resolved.value.resolved : path;
  const marks = readRunMarks(reader, real);
  const singleton = readSingleton(reader, real);
  const owner = judgeOwner(reader, real, singleton, owners);
  const tree = walkProfile(reader, real, options.sizes ?? options.depth === 'full');
  const reading = marks.directories.default ? await readStores(reader, real, options.depth) : null;
  const verdict =
    reading === null
      ? judgeWithoutDefault(reader, path, marks, singleton.locked)
      : judgeLogin({ reading, marks, widRemoved: wasRemoved(reader, real, reading) });
  const permissions = judgePermissions(reader, real, tree.login);
  const times = timesOf(tree.login);
  const live = owner.state === 'live';
  const evidence = [...verdict.evidence];
  if (permissions.odd.length > 0 && permissions.expectedUid !== null) {
    evidence.push(
      `a browser running as user ${permissions.expectedUid} cannot use ${permissions.odd.length} of its files (${permissions.odd
        .slice(0, 3)
        .map(({ path: file, uid, mode }) => `${file}: owner ${uid}, mode ${mode}`)
        .join('; ')}) and shows a QR code without an error`,
    );
  }
  const account = verdict.state === 'linked' ? (reading?.localStorage.whatsapp.account ?? null) : null;
  const profile: Profile = {
    ...describeName(path),
    state: verdict.state,
    confidence: verdict.confidence,
    evidence,
    account: account === null ? null : options.showAccount === true ? `•••${account.lastFour}` : account.masked,
    lastUsed: times.lastUsed,
    bornAt: times.bornAt,
    idleDays: live
      ? 0
      : times.lastUsed === null
        ? null
        : Math.max(0, Math.floor((options.now - times.lastUsed) / DAY_MS)),
    browser: { lastVersion: marks.lastVersion, next: options.next ?? null },
    schemas: reading === null ? [] : schemasOf(reading),
    traces: (reading?.traces ?? []).map(({ store, kind, text }) => ({ store, kind, text })),
    tornLogs: (reading?.tornLogs ?? []).map(({ path: file, size, goodLength }) => ({ path: file, size, goodLength })),
    gaps: [...marks.gaps, ...tree.gaps],
    owner,
    lastExit: lastExitOf(marks, live, singleton.locked),
    crashStreak: marks.variations?.crashStreak ?? null,
    stores: reading?.stores ?? [],
    bytes: tree.bytes,
    permissions,
  };
  return { profile, reading };
}

function wasRemoved(reader: Reader, path: AbsolutePath, { localStorage }: StoreReading): boolean {
  return (
    localStorage.engine === 'leveldb' &&
    localStorage.readability === 'whole' &&
    !localStorage.whatsapp.lastWid &&
    keyWasRemoved(reader, path)
  );
}

function schemasOf({ localStorage, indexedDb }: StoreReading): Profile['schemas'] {
  return [
    { store: 'Local Storage', found: localStorage.schemaVersion, known: localStorage.knownSchemaVersion },
    { store: 'IndexedDB', found: indexedDb.schemaVersion, known: indexedDb.knownSchemaVersion },
  ].flatMap(({ store, found, known }) => (found === null ? [] : [{ store, found, known }]));
}
