/**
 * Can the program that a launch starts reach the library at all? A package often has several programs (an API and a worker), and only
 * one of them drives WhatsApp. Judged by the text of imports, from the entry on; whatever cannot be followed counts as reached.
 */
import type { Answer } from '../model/answer.ts';
import type { Launch } from '../model/launch.ts';
import { readManifest } from './manifest.ts';
import type { Project } from './source.ts';
import { directoryOf, inProject, under } from './tree.ts';

const LIBRARY = 'whatsapp-web.js';
/** Files of one program; the largest real bot has 300. */
const FILE_LIMIT = 1_500;
const SIZE_LIMIT = 512 * 1024;
const ENDINGS = [
  '',
  '.ts',
  '.js',
  '.mjs',
  '.cjs',
  '.tsx',
  '.jsx',
  '.mts',
  '.cts',
  '/index.ts',
  '/index.js',
  '/index.mjs',
  '/index.cjs',
];
/** Where compilers put their output, and where its source lies. */
const BUILT = /^(dist|build|out|lib|output)\//;

const RELATIVE = /['"`](\.{1,2}(?:\/[^'"`\n]{0,300})?)['"`]/g;
const BARE = /(?:\bfrom|\brequire\(|\bimport\(|\bimport)\s*['"]([^'"\n.][^'"\n]{0,200})['"]/g;
/** Modules whose names are made at run time, and modules that start other programs. */
const UNFOLLOWED =
  /\b(?:require|import)\(\s*(?!['"]|\s*\))|['"](?:node:)?(?:child_process|worker_threads|cluster|execa|piscina|workerpool)['"]/;

function isFile(project: Project, path: string): boolean {
  return project.exists(path) && !project.isDirectory(path);
}

/** The source file that a specifier or an entry means. `.js` may stand for a `.ts`. */
function resolveFile(project: Project, path: string): string | null {
  for (const stem of [path, path.replace(/\.([cm]?)js$/, '.$1ts')]) {
    for (const ending of ENDINGS) if (isFile(project, stem + ending)) return stem + ending;
  }
  return null;
}

/** The file that a launch starts, or the source that it is compiled from. */
function entryFile(project: Project, packageRoot: string, entry: string): string | null {
  const at = (path: string): string | null => inProject(packageRoot, path);
  const candidates = [entry, entry.replace(BUILT, 'src/'), entry.replace(BUILT, '')];
  for (const candidate of candidates) {
    const path = at(candidate);
    const file = path === null ? null : resolveFile(project, path);
    if (file !== null) return file;
  }
  return null;
}

/** Does the program with this entry reach the library? */
function reaches(project: Project, packageRoot: string, entry: string): Answer {
  const first = entryFile(project, packageRoot, entry);
  if (first === null) return 'unknown';
  const manifest = readManifest(project, packageRoot);
  const seen = new Set([first]);
  const waiting = [first];
  let open = false;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const read = project.reader.text(under(project.root, file), SIZE_LIMIT);
    if (!read.ok) return 'unknown';
    if (read.value.includes(LIBRARY)) return true;
    if (UNFOLLOWED.test(read.value)) open = true;
    const targets: (string | null)[] = [];
    for (const [, specifier = ''] of read.value.matchAll(RELATIVE))
      targets.push(inProject(directoryOf(file), specifier));
    for (const [, specifier = ''] of read.value.matchAll(BARE)) {
      const name = specifier.startsWith('@')
        ? specifier.split('/').slice(0, 2).join('/')
        : (specifier.split('/')[0] ?? '');
      if (specifier.startsWith('node:') || manifest?.dependencies.has(name) === true) continue;
      const alias = inProject(packageRoot, specifier.replace(/^[@~#]\//, 'src/'));
      const found = alias === null ? null : resolveFile(project, alias);
      // A built-in module has no slash and no alias; anything else may be a path alias.
      if (found === null && /[/@~#]/.test(specifier)) open = true;
      targets.push(found);
    }
    for (const target of targets) {
      const found = target === null ? null : resolveFile(project, target);
      if (found === null || seen.has(found) || !/\.[cm]?[jt]sx?$/.test(found)) continue;
      if (seen.size >= FILE_LIMIT) return 'unknown';
      seen.add(found);
      waiting.push(found);
    }
  }
  return open ? 'unknown' : false;
}

/**
 * Leave out launches of programs that never touch the library, where another launch of the same package surely does.
 * Nothing is read when all launches of a package start the same program.
 */
export function withoutOtherPrograms(project: Project, launches: readonly Launch[], skipped: string[]): Launch[] {
  const answers = new Map<string, Answer>();
  const keyOf = (launch: Launch): string => `${launch.packageRoot}\0${launch.entry?.replace(/^\.\//, '') ?? ''}`;
  const byPackage = new Map<string, Set<string>>();
  for (const launch of launches) {
    if (launch.entry === null) continue;
    const entries = byPackage.get(launch.packageRoot) ?? new Set();
    byPackage.set(launch.packageRoot, entries.add(keyOf(launch)));
  }
  const surely = new Set<string>();
  for (const launch of launches) {
    const key = keyOf(launch);
    if (launch.entry === null || (byPackage.get(launch.packageRoot)?.size ?? 0) < 2) continue;
    const answer = answers.get(key) ?? reaches(project, launch.packageRoot, launch.entry);
    answers.set(key, answer);
    if (answer === true) surely.add(launch.packageRoot);
  }
  return launches.filter((launch) => {
    if (answers.get(keyOf(launch)) !== false || !surely.has(launch.packageRoot)) return true;
    skipped.push(`${launch.id} starts ${launch.entry}, which never reaches ${LIBRARY}`);
    return false;
  });
}
