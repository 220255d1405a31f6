import { type AbsolutePath, absolutePath } from '../model/path.ts';
import { defineFact } from './graph.ts';
import type { Machine } from './machine.ts';
import { installedVersion, sourceOf } from './source.ts';

/** The lock files of npm, as far as a version is wanted from them. */
function lockedVersion(machine: Machine, root: AbsolutePath, name: string): string | null {
  const text = machine.reader.text(absolutePath(`${root}/package-lock.json`));
  if (!text.ok) return null;
  try {
    const lock = JSON.parse(text.value) as { packages?: Record<string, { version?: unknown }> };
    const version = lock.packages?.[`node_modules/${name}`]?.version;
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}

/** whatsapp-web.js moved from puppeteer 18 to 24 with 1.34.3 (causes.md, section 2). */
function puppeteerOf(library: string | null): string | null {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(library ?? '');
  if (parts === null) return null;
  const [major = 0, minor = 0, patch = 0] = parts.slice(1).map(Number);
  if (major > 1 || minor > 34 || (minor === 34 && patch >= 3)) return '24';
  return minor >= 26 ? '18' : null;
}

/** The version that a range allows at least: `^1.34.7` → `1.34.7`. `null` for tags and addresses. */
function leastVersion(range: string | null): string | null {
  return range === null ? null : (/^[\^~>=v\s]{0,4}(\d{1,4}\.\d{1,4}\.\d{1,4})/.exec(range)?.[1] ?? null);
}

/** The package under examination, which of its packages hold a bot, and which versions are installed. */
export const project = defineFact({
  name: 'project',
  needs: ['sites'],
  async collect(machine, { sites }) {
    const tree = await sourceOf(machine);
    const manifests = [...tree.manifests.values()];
    const holders = manifests.filter(({ libraries }) => libraries.size > 0);
    const botPackages = [
      ...new Set([
        ...holders.map(({ directory }) => directory),
        ...sites.filter(({ role }) => role === 'bot').map(({ packageRoot }) => packageRoot),
      ]),
    ].sort();
    const [first = ''] = botPackages;
    const holder = holders.find(({ directory }) => directory === first) ?? holders[0];
    const range = holder === undefined ? null : ([...holder.libraries.values()][0] ?? null);
    const root = absolutePath(`${machine.project}/${first}`);
    const version = (name: string) => installedVersion(machine, first, name) ?? lockedVersion(machine, root, name);
    const libraryVersion = version('whatsapp-web.js');
    return {
      path: machine.project,
      name: tree.manifests.get('')?.name ?? null,
      botPackages,
      libraryRange: range,
      libraryVersion,
      puppeteerVersion:
        version('puppeteer') ?? version('puppeteer-core') ?? puppeteerOf(libraryVersion ?? leastVersion(range)),
      hasDockerfile: machine.reader.status(absolutePath(`${machine.project}/Dockerfile`)).ok,
    };
  },
});
