import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';

/** What the browser wrote about its runs. `null` anywhere: the file is not there, or does not say. */
export interface RunMarks {
  readonly variations: { readonly exitedCleanly: boolean | null; readonly crashStreak: number | null } | null;
  /** `profile.exit_type` of `Default/Preferences`: `Normal`, `SessionEnded`, `Crashed`. */
  readonly exitType: string | null;
  /** The newest entry of `sessions.event_log`: a start or an exit, in milliseconds since the epoch. */
  readonly lastEvent: { readonly kind: 'start' | 'exit'; readonly at: number } | null;
  /** Starts that the event log still holds (it keeps about 19). */
  readonly starts: number;
  readonly lastVersion: string | null;
  readonly localState: boolean;
  readonly devToolsActivePort: boolean;
  /** Names of the databases' directories that are there. */
  readonly directories: { readonly default: boolean; readonly localStorage: boolean; readonly indexedDb: boolean };
  readonly gaps: readonly string[];
}

/** Preferences of an old profile are about 200 KiB. */
const JSON_LIMIT = 8 * 1024 * 1024;
/** Chromium counts microseconds since 1601-01-01 (base::Time::ToDeltaSinceWindowsEpoch). */
const WINDOWS_EPOCH_MS = 11_644_473_600_000;
const START = 0;
const EXIT = 2;

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** A value by its dotted name, written nested (Preferences) or flat (Variations). */
function dotted(value: unknown, name: string): unknown {
  const flat = field(value, name);
  if (flat !== undefined) return flat;
  let at = value;
  for (const part of name.split('.')) at = field(at, part);
  return at;
}

interface LogEvent {
  readonly kind: 'start' | 'exit';
  readonly at: number;
}

function eventsOf(preferences: unknown): LogEvent[] {
  const log = dotted(preferences, 'sessions.event_log');
  if (!Array.isArray(log)) return [];
  const events: LogEvent[] = [];
  for (const entry of log.slice(-100)) {
    const type = field(entry, 'type');
    const at = Number(field(entry, 'time')) / 1000 - WINDOWS_EPOCH_MS;
    if ((type === START || type === EXIT) && Number.isFinite(at)) {
      events.push({ kind: type === START ? 'start' : 'exit', at: Math.round(at) });
    }
  }
  return events;
}

/** Read the marks of earlier runs in a user data directory. */
export function readRunMarks(reader: Reader, profile: AbsolutePath): RunMarks {
  const gaps: string[] = [];
  const text = (name: string): string | null => {
    const result = reader.text(resolvePath(profile, name), JSON_LIMIT);
    if (result.ok) return result.value;
    if (result.failure.kind !== 'missing') gaps.push(`${name}: ${result.failure.reason}`);
    return null;
  };
  const json = (name: string): unknown => {
    const content = text(name);
    if (content === null) return null;
    try {
      return JSON.parse(content) as unknown;
    } catch {
      gaps.push(`${name}: it is not JSON`);
      return null;
    }
  };
  const kindOf = (name: string) => {
    const status = reader.status(resolvePath(profile, name));
    return status.ok ? status.value.kind : null;
  };

  const variations = json('Variations');
  const cleanly = dotted(variations, 'user_experience_metrics.stability.exited_cleanly');
  const streak = field(variations, 'variations_crash_streak');
  const preferences = json('Default/Preferences');
  const exitType = dotted(preferences, 'profile.exit_type');
  const events = eventsOf(preferences);
  const version = text('Last Version')?.trim() ?? null;
  return {
    variations:
      variations === null
        ? null
        : {
            exitedCleanly: typeof cleanly === 'boolean' ? cleanly : null,
            crashStreak: typeof streak === 'number' && Number.isSafeInteger(streak) && streak >= 0 ? streak : null,
          },
    exitType: typeof exitType === 'string' && /^[A-Za-z]{1,20}$/.test(exitType) ? exitType : null,
    lastEvent: events.at(-1) ?? null,
    starts: events.filter(({ kind }) => kind === 'start').length,
    lastVersion: version !== null && /^\d{1,5}(\.\d{1,7}){0,5}$/.test(version) ? version : null,
    localState: kindOf('Local State') === 'file',
    devToolsActivePort: kindOf('DevToolsActivePort') === 'file',
    directories: {
      default: kindOf('Default') === 'directory',
      localStorage:
        kindOf('Default/Local Storage/leveldb') === 'directory' || kindOf('Default/LocalStorage') === 'file',
      indexedDb:
        kindOf('Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb') === 'directory' ||
        kindOf('Default/IndexedDB/https_web.whatsapp.com_0') === 'directory',
    },
    gaps,
  };
}

/**
 * How the last run ended. `Variations` is the best sign (measured: written within a second of the start and at a clean exit, by close
 * and by signals to the browser). `exit_type` says `Crashed` all the time while a browser runs and stays so after one hard kill, so
 * it counts only together with the event log. `stability.exited_cleanly` of `Local State` lags and is not used.
 */
export function lastExitOf(
  marks: RunMarks,
  live: boolean,
  lockLeft: boolean,
): 'clean' | 'unclean' | 'running' | 'unknown' {
  if (live) return 'running';
  const cleanly = marks.variations?.exitedCleanly ?? null;
  if (cleanly !== null) return cleanly ? 'clean' : 'unclean';
  // Removed by a clean close, left by a kill. Preferences may be older than the last run: they are first written after 6 to 9 s.
  if (lockLeft) return 'unclean';
  if (marks.lastEvent !== null) return marks.lastEvent.kind === 'exit' ? 'clean' : 'unclean';
  return marks.exitType === 'Normal' || marks.exitType === 'SessionEnded' ? 'clean' : 'unknown';
}
