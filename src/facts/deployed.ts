import { UsageError } from '../model/errors.ts';
import type { Launch } from '../model/launch.ts';
import type { Setting } from '../model/policy.ts';

/** Words that people put in and that say nothing: the kind says it already. */
const FILLERS = new Set(['the', 'a', 'service', 'container', 'app', 'application', 'program', 'unit', 'script', 'run']);

/** How many launches an error names. */
const NAMED = 8;

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[\s:#/@~,]+/)
    .filter((word) => word !== '');

/** What a launch may be called: its kind, the parts of its id, its file. */
function namesOf({ id, kind, file, platform }: Launch): ReadonlySet<string> {
  const names = new Set([...wordsOf(id), kind, id.toLowerCase(), ...(platform === undefined ? [] : [platform])]);
  if (file !== null) {
    names.add(file.toLowerCase());
    for (const part of wordsOf(file)) names.add(part);
  }
  for (const name of [...names]) names.add(name.replace(/\.(?:ya?ml|service|json|[cm]?js|conf|ini|toml)$/, ''));
  return names;
}

function fits(launch: Launch, wanted: string): boolean {
  if (launch.id.toLowerCase() === wanted.trim().toLowerCase()) return true;
  const names = namesOf(launch);
  // A service that is itself called "app" keeps its name: a word that says nothing may still be one.
  const telling = wordsOf(wanted).filter((word) => !FILLERS.has(word) || names.has(word));
  return telling.length > 0 && telling.every((word) => names.has(word));
}

/**
 * The launches that are the deployed one, in the words of people (`compose service bot`) or by id. Processes that run now stay: they
 * are deployed already.
 * @throws UsageError when no launch is called so; names those that there are.
 */
export function deployedOf(launches: readonly Launch[], { value, by }: Setting<string>): Launch[] {
  const running = launches.filter(({ kind }) => kind === 'process');
  const chosen = launches.filter((launch) => launch.kind !== 'process' && fits(launch, value));
  if (chosen.length > 0 || running.length > 0) return [...chosen, ...running];
  const ids = launches.slice(0, NAMED).map(({ id }) => id);
  const more = launches.length > NAMED ? `, and ${launches.length - NAMED} more` : '';
  const known =
    ids.length === 0 ? 'no way of starting the bot was found here' : `those found are ${ids.join(', ')}${more}`;
  throw new UsageError(`${by}: no launch is called "${value}"; ${known}`);
}
