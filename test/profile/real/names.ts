import { createReader } from '../../../src/facts/reader.ts';
import { absolutePath } from '../../../src/model/path.ts';
import { readStores } from '../../../src/profile/stores.ts';
import type { PageView } from './random-content.ts';

const byUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What the doctor lists, in the form of {@link PageView}. */
export async function doctorView(profile: string): Promise<PageView> {
  const reading = await readStores(createReader(), absolutePath(profile), 'full');
  const origin = reading.localStorage.origins.find((one) => one.origin === 'https://web.whatsapp.com');
  return {
    keys: [...(origin?.keys ?? [])].sort(byUnit),
    databases: Object.fromEntries(
      reading.indexedDb.databases.map(({ name, stores }) => [name, stores.map((store) => store.name).sort(byUnit)]),
    ),
  };
}

/** Sorted the same way on both sides. */
export function sorted(view: PageView): PageView {
  return {
    keys: [...view.keys].sort(byUnit),
    databases: Object.fromEntries(
      Object.entries(view.databases).map(([name, stores]) => [name, [...stores].sort(byUnit)]),
    ),
  };
}
