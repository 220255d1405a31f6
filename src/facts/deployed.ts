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

/** Launches that every word names; words that say nothing count only where no launch bears all of them. */
function called(launches: readonly Launch[], wanted: string): Launch[] {
  const exact = launches.filter(({ id }) => id.toLowerCase() === wanted.trim().toLowerCase());
  if (exact.length > 0) return exact;
  const named = launches.map((launch) => ({ launch, names: namesOf(launch) }));
  const words = wordsOf(wanted);
  for (const telling of [words, words.filter((word) => !FILLERS.has(word))]) {
    const found = named.filter(({ names }) => telling.length > 0 && telling.every((word) => names.has(word)));
    if (found.length > 0) return found.map(({ launch }) => launch);
  }
  return [];
}

/**
 * The launches that are the deployed one, in the words of people (`compose service bot`) or by id. Processes that run now stay: they
 * are deployed already.
 * @throws UsageError when no launch is called so; names those that there are.
 */
export function deployedOf(launches: readonly Launch[], { value, by }: Setting<string>): Launch[] {
  const running = launches.filter(({ kind }) => kind === 'process');
  const chosen = called(
    launches.filter(({ kind }) => kind !== 'process'),
    value,
  );
  if (chosen.length > 0 || running.length > 0) return [...chosen, ...running];
  const ids = launches.slice(0, NAMED).map(({ id }) => id);
  const more = launches.length > NAMED ? `, and ${launches.length - NAMED} more` : '';
  const known =
    ids.length === 0 ? 'no way of starting the bot was found here' : `those found are ${ids.join(', ')}${more}`;
  throw new UsageError(`${by}: no launch is called "${value}"; ${known}`);
}
