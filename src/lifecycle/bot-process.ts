import type { Answer } from '../model/answer.ts';
import type { AuthSite } from '../model/auth-site.ts';
import type { HandlerKind, LifecycleFact } from '../model/facts.ts';
import { GUARD } from './guard.ts';
import type { BotProcess } from './stop.ts';

type Signal = keyof BotProcess['handlers'];

/** From the worst to the best: several handlers of one signal run in one process, and the worst decides. */
const WORST_FIRST: readonly HandlerKind[] = [
  'no',
  'not-awaited',
  'awaited-but-raced',
  'unknown',
  'no-exit',
  'none',
  'awaited',
];

/** The guard hears a signal before everybody else, puppeteer too, and passes it on when the browser is closed. */
function isGuarded(signals: LifecycleFact['signals'], signal: Signal): boolean {
  return signals.some((handler) => handler.signal === signal && handler.by === GUARD);
}

function handlerOf(signals: LifecycleFact['signals'], signal: Signal): HandlerKind {
  if (isGuarded(signals, signal)) return 'awaited';
  const kinds = signals
    .filter((handler) => handler.signal === signal)
    .map(({ destroysClient, exits }): HandlerKind => {
      // Nobody ends the process, so what was begun is finished.
      if (destroysClient === 'not-awaited' && !exits) return 'awaited';
      return destroysClient === 'no' && !exits ? 'no-exit' : destroysClient;
    });
  if (kinds.length === 0) return 'none';
  if (kinds.includes('awaited') && !kinds.some((kind) => kind === 'no' || kind === 'not-awaited')) return 'awaited';
  return WORST_FIRST.find((kind) => kinds.includes(kind)) ?? 'unknown';
}

/** One answer for all clients of the bot; different ones are not told apart. */
function agreed(answers: readonly Answer[], fallback: Answer): Answer {
  if (answers.length === 0) return fallback;
  return answers.every((answer) => answer === answers[0]) ? (answers[0] ?? fallback) : 'unknown';
}

/** Major and minor number of a version or, failing that, of a range such as `^24.38.0`. */
export function versionOf(version: string | null): BotProcess['puppeteer'] {
  const found = version === null ? null : /^[\^~>=v\s]{0,4}(\d{1,4})(?:\.(\d{1,4}))?(?:\.|$)/.exec(version);
  return found?.[1] === undefined ? null : [Number(found[1]), Number(found[2] ?? 0)];
}

/**
 * How the bot's process answers signals: its handlers, and what it tells puppeteer. Options that are not set have puppeteer's
 * defaults: it listens for all three signals, and does not use a pipe.
 */
export function botProcess(
  signals: LifecycleFact['signals'],
  sites: readonly AuthSite[],
  puppeteer: string | null,
): BotProcess {
  const bots = sites.filter(({ role }) => role === 'bot');
  const option = (name: 'handleSIGINT' | 'handleSIGTERM' | 'handleSIGHUP' | 'pipe', fallback: boolean): Answer =>
    agreed(
      bots.map(({ browser }) => browser[name] ?? (browser.incomplete ? 'unknown' : fallback)),
      fallback,
    );
  const listens = (signal: Signal): Answer => (isGuarded(signals, signal) ? false : option(`handle${signal}`, true));
  return {
    handlers: {
      SIGINT: handlerOf(signals, 'SIGINT'),
      SIGTERM: handlerOf(signals, 'SIGTERM'),
      SIGHUP: handlerOf(signals, 'SIGHUP'),
    },
    puppeteerListens: {
      SIGINT: listens('SIGINT'),
      SIGTERM: listens('SIGTERM'),
      SIGHUP: listens('SIGHUP'),
    },
    puppeteer: versionOf(puppeteer),
    pipe: option('pipe', false),
  };
}
