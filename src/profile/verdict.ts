import type { Confidence } from '../model/answer.ts';
import type { ProfileState } from '../model/profile.ts';
import type { RunMarks } from './marks.ts';
import type { IndexedDbReading, LocalStorageReading, StoreReading } from './stores.ts';

/** Whether a profile holds a login. An inference from names and counts: how sure it is, and the sentences that it stands on. */
export interface Verdict {
  readonly state: ProfileState;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
}

/** What one of the two stores says of the login. */
type Half =
  /** What only a linked device has. */
  | 'linked'
  /** What the page makes before anybody scans: `WANoiseInfo` without `last-wid-md`. */
  | 'prepared'
  /** The account without its key; no page leaves it so. */
  | 'torn'
  | 'empty'
  | 'absent'
  /** Its files are damaged so that names are missing or none can be read. */
  | 'damaged'
  /** It could not be looked at. */
  | 'unreadable';

interface Judged {
  readonly half: Half;
  readonly text: string;
}

/** Beside the stores: what tells a logout from a page that was never linked. */
export interface VerdictInputs {
  readonly reading: StoreReading;
  readonly marks: RunMarks;
  /** Names a file of Local Storage a `last-wid-md` that is not there any more? */
  readonly widRemoved: boolean;
}

/**
 * Stores that a page fills only after it was linked. Before that it makes `signal-storage`, `wawc` and even `WANoiseInfo`
 * (profile.md, section E; an inference from public descriptions of WhatsApp Web).
 */
const AFTER_LINK: Readonly<Record<string, readonly string[] | null>> = {
  'signal-storage': ['session-store', 'identity-store', 'senderkey-store', 'baseKey-store'],
  wawc_db_enc: ['keys', 'fts_hmac_keys'],
  'model-storage': null,
  'fts-storage': null,
  'jobs-storage': null,
  'offd-storage': null,
};

function storeState(reading: StoreReading, name: string): 'ok' | 'damaged' | 'missing' | 'unknown' {
  return reading.stores.find((store) => store.name === name)?.state ?? 'missing';
}

function lostOr(state: 'ok' | 'damaged' | 'missing' | 'unknown', readability: string): Half | null {
  if (state === 'missing') return 'absent';
  if (readability === 'whole') return null;
  return state === 'damaged' ? 'damaged' : 'unreadable';
}

function judgeLocalStorage(reading: StoreReading): Judged {
  const store: LocalStorageReading = reading.localStorage;
  const { lastWid, noiseInfo, keys } = store.whatsapp;
  if (lastWid && noiseInfo)
    return { half: 'linked', text: 'Local Storage holds last-wid-md and WANoiseInfo, the keys of a linked device' };
  const lost = lostOr(storeState(reading, 'Local Storage'), store.readability);
  if (lost === 'absent') return { half: lost, text: 'there is no Local Storage' };
  if (lost !== null) {
    return {
      half: lost,
      text: `Local Storage cannot be read as a whole${because(store.reason)}, and what can be read names no linked device`,
    };
  }
  if (lastWid) return { half: 'torn', text: 'Local Storage holds last-wid-md but no WANoiseInfo' };
  if (noiseInfo)
    return {
      half: 'prepared',
      text: 'Local Storage holds WANoiseInfo but no last-wid-md: the page prepared keys, no device is named',
    };
  return {
    half: 'empty',
    text:
      keys === 0
        ? 'Local Storage is whole and holds no key of WhatsApp Web'
        : `Local Storage holds ${keys} ${keys === 1 ? 'key' : 'keys'} of WhatsApp Web, but neither last-wid-md nor WANoiseInfo`,
  };
}

function because(reason: string | null): string {
  return reason === null ? '' : ` (${reason})`;
}

function recordsIn(indexedDb: IndexedDbReading, database: string, store: string): number | null {
  const found = indexedDb.databases.find(({ name }) => name === database)?.stores.find(({ name }) => name === store);
  if (found === undefined) return 0;
  return found.records?.count ?? null;
}

function judgeIndexedDb(reading: StoreReading): Judged {
  const { indexedDb } = reading;
  const count = recordsIn(indexedDb, 'signal-storage', 'signal-meta-store');
  if (count === null || count > 0) {
    const said = count === null ? 'signal-storage' : `${count} ${count === 1 ? 'record' : 'records'} in signal-storage`;
    return { half: 'linked', text: `IndexedDB holds ${said}, the keys of a device` };
  }
  const lost = lostOr(storeState(reading, 'IndexedDB'), indexedDb.readability);
  if (lost === 'absent') return { half: lost, text: 'there is no IndexedDB of web.whatsapp.com' };
  if (lost !== null) {
    return {
      half: lost,
      text: `IndexedDB cannot be read as a whole${because(indexedDb.reason)}, and what can be read holds no keys of a device`,
    };
  }
  const some = indexedDb.databases.some(({ name }) => name === 'signal-storage');
  return {
    half: 'empty',
    text: some
      ? 'signal-storage in IndexedDB holds no keys of a device'
      : 'IndexedDB is whole and holds no signal-storage',
  };
}

function usedAfterLink(indexedDb: IndexedDbReading): boolean {
  return indexedDb.databases.some(({ name, stores }) => {
    const wanted = Object.hasOwn(AFTER_LINK, name) ? AFTER_LINK[name] : undefined;
    if (wanted === undefined) return false;
    return stores.some((store) => (wanted === null || wanted.includes(store.name)) && (store.records?.count ?? 0) > 0);
  });
}

interface Rule {
  readonly state: ProfileState;
  readonly confidence: Confidence;
  readonly text: string;
}

const say = (state: ProfileState, confidence: Confidence, text: string): Rule => ({ state, confidence, text });

/** The table of section E: both halves say linked, one side only, neither. */
function decide(ls: Half, idb: Half, inputs: VerdictInputs): Rule {
  const { reading, marks } = inputs;
  // Only Local Storage: it is opened at every start. IndexedDB is made at the first visit of the page, which may come late.
  const recreated = reading.traces.some(({ store, kind }) => kind === 'recreated' && store === 'Local Storage');
  if (ls === 'linked' && idb === 'linked') {
    const whole = reading.stores.every(({ state }) => state === 'ok');
    return say('linked', whole ? 'high' : 'medium', 'both halves of a login are there');
  }
  if (ls === 'unreadable' || idb === 'unreadable') {
    return say('unknown', 'low', 'a part of the login could not be looked at');
  }
  if (ls === 'linked' || ls === 'torn') {
    return say('incomplete', 'high', 'one half of a login is there without the other: a browser shows a QR code');
  }
  if (ls === 'damaged') {
    return idb === 'linked'
      ? say('incomplete', 'high', 'the half of the login in Local Storage is damaged: a browser shows a QR code')
      : say('incomplete', 'medium', 'Local Storage is damaged and what is left shows no login');
  }
  if (inputs.widRemoved && (ls === 'empty' || ls === 'prepared')) {
    return say(
      'logged-out',
      idb === 'linked' ? 'medium' : 'high',
      'a login was here and its keys were removed, as a logout does',
    );
  }
  if (idb === 'linked') {
    if (ls === 'prepared' && !usedAfterLink(reading.indexedDb) && !recreated) {
      return say('never-linked', 'medium', 'a QR code was shown and nobody is linked');
    }
    return usedAfterLink(reading.indexedDb) || recreated || ls === 'absent'
      ? say('incomplete', 'high', 'one half of a login is there without the other: a browser shows a QR code')
      : say('incomplete', 'medium', 'keys of a device are there without the account: a browser shows a QR code');
  }
  if (idb === 'damaged') return say('incomplete', 'medium', 'IndexedDB is damaged and what is left shows no login');
  if (usedAfterLink(reading.indexedDb))
    return say('incomplete', 'high', 'data of a linked device are there without its keys');
  if (ls === 'prepared') return say('never-linked', 'medium', 'a QR code was shown and nobody is linked');
  if (ls === 'absent' && idb === 'absent' && marks.lastVersion === null) {
    return say(
      'incomplete',
      'high',
      'the profile was half deleted: Default is there, Last Version and both stores are gone',
    );
  }
  if (recreated)
    return say('incomplete', 'low', 'a store was made anew although the profile is older: a login may have been in it');
  const long = marks.starts >= 3;
  return say(
    'never-linked',
    long ? 'low' : 'medium',
    long
      ? 'there is no record of a link, although a browser was started here several times'
      : 'there is no record of a link',
  );
}

/**
 * Is there a login in this profile?
 * Linked needs `last-wid-md` and `WANoiseInfo` in Local Storage and records in `signal-storage`/`signal-meta-store` of IndexedDB.
 * Whether WhatsApp still accepts it cannot be seen from here.
 */
export function judgeLogin(inputs: VerdictInputs): Verdict {
  const { reading } = inputs;
  const ls = judgeLocalStorage(reading);
  const idb = judgeIndexedDb(reading);
  const rule = decide(ls.half, idb.half, inputs);
  const evidence = [rule.text, ls.text, idb.text];
  for (const trace of reading.traces) {
    const bearsOnLogin = trace.kind !== 'created-once' && (trace.kind !== 'recreated' || rule.state === 'incomplete');
    if (bearsOnLogin) evidence.push(`${trace.store}: ${trace.text}`);
  }
  if (reading.inUse && rule.state !== 'linked') {
    return {
      state: 'unknown',
      confidence: 'low',
      evidence: [
        'a browser writes to the stores at this moment, so what is missing may be on its way',
        ...evidence.slice(1),
      ],
    };
  }
  return { state: rule.state, confidence: rule.confidence, evidence };
}
