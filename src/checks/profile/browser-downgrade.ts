import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import type { Profile } from '../../model/profile.ts';
import { overProfiles } from '../../model/profile-words.ts';

/** The newest browser whose reading of newer stores was measured; it knows Local Storage 1 and IndexedDB 5. */
const MEASURED_MAJOR = 156;

function major(version: string | null): number | null {
  const number = Number.parseInt(version ?? '', 10);
  return Number.isNaN(number) ? null : number;
}

function downgrade({ path, browser }: Profile): FindingDraft | null {
  const last = major(browser.lastVersion);
  const next = major(browser.next?.version ?? null);
  if (last === null || next === null || next >= last) return null;
  return {
    severity: 'error',
    confidence: 'medium',
    message: `The profile at ${path} was last written by Chromium ${last}, and the bot will run ${next}: a downgrade.`,
    event: 'the next start of the bot',
    locations: [{ path: `${path}/Last Version` }],
    evidence: [
      `Last Version: ${browser.lastVersion ?? '?'}`,
      `browser that will run: ${browser.next?.version ?? '?'} (${browser.next?.from ?? '?'})`,
    ],
    remediation: {
      summary: `Run Chromium ${last} or newer.`,
      steps: [
        `Install Chromium ${last} or newer, or point executablePath at it, and pin the version.`,
        'If that is not possible: stop the bot, copy the whole profile away, delete only Cache, Code Cache and GPUCache, and try the copy.',
      ],
    },
  };
}

function newerFormat({ path, schemas, browser }: Profile): FindingDraft | null {
  const newer = schemas.filter(({ found, known }) => found > known);
  if (newer.length === 0) return null;
  const next = major(browser.next?.version ?? null);
  const wrote = major(browser.lastVersion);
  const knows = next !== null && next > MEASURED_MAJOR && (wrote === null || next >= wrote);
  if (knows) return null;
  return {
    severity: next !== null && next <= MEASURED_MAJOR ? 'error' : 'warning',
    confidence: next === null ? 'medium' : 'high',
    message: `${newer.map(({ store, found }) => `${store} of ${path} has format ${found}`).join(', ')}; browsers up to Chromium ${MEASURED_MAJOR} know ${newer.map(({ known }) => known).join(' and ')} and delete it.`,
    event: 'a start with an older browser',
    locations: [{ path }],
    evidence: newer.map(
      ({ store, found, known }) => `${store}: format ${found}, known up to Chromium ${MEASURED_MAJOR}: ${known}`,
    ),
  };
}

function otherEngine({ path, stores, traces }: Profile): FindingDraft | null {
  const sqlite = stores.filter(({ engine, state }) => engine === 'sqlite' && state !== 'missing');
  const both = traces.filter(({ kind }) => kind === 'both-engines');
  if (sqlite.length === 0 && both.length === 0) return null;
  return {
    severity: 'warning',
    confidence: 'medium',
    message: `The session at ${path} is stored as SQLite: a browser that is started without the same features deletes its IndexedDB and does not see its Local Storage.`,
    event: 'a start with another browser or other --enable-features',
    locations: [{ path }],
    evidence: [...sqlite.map(({ name, path: file }) => `${name}: ${file}`), ...both.map(({ text }) => text)],
    remediation: {
      summary: 'Keep the browser and its flags as they were when the session was linked.',
      steps: [
        'Keep --enable-features (IdbSqliteBackingStore, DomStorageSqlite) and the browser version in the launch options unchanged.',
      ],
    },
  };
}

export default defineCheck({
  code: 'WA507',
  name: 'browser-downgrade',
  family: 'profile',
  severity: 'error',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'medium',
  what: 'The profile was written by a newer browser than the one that will run, or in a format that it does not know.',
  why: 'Chromium deletes a store whose format is newer than it knows, without a word: IndexedDB format 6 under a browser that knows 5 lost the session in 20 of 20 runs, and so did Local Storage. The same happens between its LevelDB and SQLite layouts. An image that is rebuilt with another browser is enough.',
  fix: [
    'Run the browser version that wrote the profile, or a newer one, and pin it in the image.',
    'Start it with the same features as before.',
  ],
  run({ profiles }) {
    return overProfiles(profiles, (profile) => downgrade(profile) ?? newerFormat(profile) ?? otherEngine(profile));
  },
});
