import fc from 'fast-check';
import { identity, link, names, openBrowser } from '../../support/real-profile.ts';

/** What a page is told to store. */
interface Content {
  readonly keys: readonly string[];
  readonly removed: readonly string[];
  readonly databases: Readonly<Record<string, readonly string[]>>;
}

const name = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z][\w-]{0,24}$/),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 16 }),
    fc.constantFrom('last-wid-md', 'WANoiseInfo', 'clé-é', '键', 'a b', 'x'.repeat(200)),
  )
  .filter((text) => !text.includes('\0'));

const content: fc.Arbitrary<Content> = fc.record({
  keys: fc.uniqueArray(name, { maxLength: 40 }),
  removed: fc.uniqueArray(name, { maxLength: 5 }),
  databases: fc
    .uniqueArray(fc.tuple(name, fc.uniqueArray(name, { maxLength: 6 })), {
      maxLength: 6,
      selector: ([database]) => database,
    })
    .map((pairs) => Object.fromEntries(pairs) as Record<string, string[]>),
});

/** The same content for the same seed. */
export function randomContent(seed: number): Content {
  const [first] = fc.sample(content, { seed, numRuns: 1 });
  if (first === undefined) throw new Error('no sample');
  return first;
}

const FILL = `async ({ keys, removed, databases }) => {
  for (const key of keys) localStorage.setItem(key, 'value of ' + key);
  for (const key of removed) { localStorage.setItem(key, 'x'); localStorage.removeItem(key); }
  for (const [database, stores] of Object.entries(databases)) {
    await new Promise((resolve, reject) => {
      const request = indexedDB.open(database, 2);
      request.onupgradeneeded = () => { for (const store of stores) request.result.createObjectStore(store); };
      request.onsuccess = () => { request.result.close(); resolve(); };
      request.onerror = () => reject(request.error);
    });
  }
}`;

export interface PageView {
  readonly keys: readonly string[];
  readonly databases: Readonly<Record<string, readonly string[]>>;
}

/** Fill a new profile with random names; returns what the page lists after a clean restart. Every third one is killed in between. */
export async function fill(directory: string, seed: number): Promise<PageView> {
  const first = await openBrowser(directory);
  if (seed % 2 === 0) await link(first, 'T');
  await first.page.evaluate(`(${FILL})(${JSON.stringify(randomContent(seed))})`);
  if (seed % 3 === 0) {
    // Local Storage is on the disk about 5 s after a write.
    await new Promise((resolve) => setTimeout(resolve, 6500));
    await first.kill();
  } else await first.close();
  const second = await openBrowser(directory);
  if (seed % 2 === 0) await identity(second);
  const view = await names(second);
  await second.close();
  return view;
}
