import type { SourcePlace } from '../model/auth-site.ts';
import type { SourceModule } from '../session/source/module.ts';
import { calledName } from './functions.ts';

/** Calls that look whether something is there. */
const LOOKS = new Set([
  'existsSync',
  'pathExists',
  'pathExistsSync',
  'access',
  'accessSync',
  'stat',
  'statSync',
  'lstatSync',
  'readdir',
  'readdirSync',
  'assertPersistentSession',
  'checkSession',
]);
/** Words by which a path, variable or function shows that it is about the session. */
const SESSION_WORDS = /session|wwebjs|auth(?!or)|profile|dataPath|userDataDir|IndexedDB/i;

/** Places in the source that look at the session directory. What they do with the answer is not judged. */
export function findPreflight(modules: readonly SourceModule[]): SourcePlace[] {
  const places: SourcePlace[] = [];
  for (const module of modules) {
    for (const call of module.calls) {
      if (call.type !== 'CallExpression' || !LOOKS.has(calledName(call) ?? '')) continue;
      const named = calledName(call) === 'assertPersistentSession';
      const about = call.arguments.map((argument) => module.text(argument, 300)).join(' ');
      if (named || SESSION_WORDS.test(about)) places.push({ file: module.file, ...module.position(call.start) });
    }
  }
  return places;
}
