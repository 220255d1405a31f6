import type { Answer } from '../model/answer.ts';
import type { HandlerKind } from '../model/facts.ts';
import type { Launch, StopOutcome } from '../model/launch.ts';
import { type Delivery, deliver, isContained, killedAfter } from './delivery.ts';

/** Signals that a stop may use and that this model knows. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL';

/** How the bot's own process answers, from its source and the installed puppeteer. */
export interface BotProcess {
  /** What the source does on each signal. */
  readonly handlers: Readonly<Record<Exclude<StopSignal, 'SIGKILL'>, HandlerKind>>;
  /** Does puppeteer listen for the signal too (`handleSIGINT` …, on by default)? */
  readonly puppeteerListens: Readonly<Record<Exclude<StopSignal, 'SIGKILL'>, Answer>>;
  /** Major and minor version of the installed puppeteer; `null`: not known. */
  readonly puppeteer: readonly [major: number, minor: number] | null;
  /** `pipe: true`: Chromium talks through a pipe and ends cleanly when the other side is gone. */
  readonly pipe: Answer;
}

type Browser = StopOutcome['browser'];
type NodeDelivery = Extract<Delivery, { to: 'node' }>;

/** What became of the browser and of node when node got a signal. */
export interface SignalOutcome {
  readonly browser: Browser;
  /** `stays`: something listens for the signal and nothing ends the process. */
  readonly node: 'ends' | 'stays' | 'unknown';
  /** Nobody told the browser anything: what becomes of it hangs on what surrounds it. */
  readonly abandoned?: boolean;
  /** It was told to close by a process that then ended at once: what ends with that process races the close. */
  readonly told?: boolean;
  readonly steps: readonly string[];
}

/**
 * Local Storage reaches the disk about 5 s after the write; a killed browser loses what is younger. IndexedDB is kept.
 * Measured: profile.md, B1 (10 runs per cell).
 */
export const LOCAL_STORAGE_DELAY_SECONDS = 5;

/** Closing took 0.1 to 0.7 s (profile.md, B3): with less time than this nobody can tell. */
const CLOSING_SECONDS = 0.7;

/**
 * What puppeteer's own listener does with the browser. Since its launcher moved to @puppeteer/browsers SIGTERM and SIGHUP kill:
 * 18.2.1 closed, 24.38.0 kills (measured); by their files 19.8.0 still has the old launcher and 19.8.5 the new one.
 */
function puppeteerListener(signal: StopSignal, version: BotProcess['puppeteer']): 'closes' | 'kills' | 'unknown' {
  if (signal === 'SIGINT') return 'kills';
  if (version === null) return 'unknown';
  const [major, minor] = version;
  if (major < 19 || (major === 19 && minor < 8)) return 'closes';
  return major === 19 && minor === 8 ? 'unknown' : 'kills';
}

/**
 * Has destroy() told the browser to close before it returns? The old launcher sends the message at once and then no longer kills at the
 * end of the process: measured with 18.2.1, a login was kept although nobody waited (SIGTERM and SIGINT, handlers on and off).
 */
function tellsAtOnce(puppeteer: BotProcess['puppeteer']): boolean {
  return puppeteerListener('SIGTERM', puppeteer) === 'closes';
}

const TOLD = { browser: 'clean', node: 'ends', abandoned: true, told: true } as const;

const HANDLER_WORDS: Readonly<Record<HandlerKind, string>> = {
  none: 'the bot has no handler for it',
  awaited: "the bot's handler awaits client.destroy()",
  'awaited-but-raced': "the bot's handler awaits client.destroy(), but another handler ends the process first",
  'not-awaited': "the bot's handler calls client.destroy() and ends the process without waiting for it",
  no: "the bot's handler ends the process without client.destroy()",
  'no-exit': "the bot's handler neither closes the browser nor ends the process",
  unknown: "what the bot's handler does could not be told",
};

function withListener(signal: StopSignal, handler: HandlerKind, { puppeteer }: BotProcess): SignalOutcome {
  const listener = puppeteerListener(signal, puppeteer);
  const own = HANDLER_WORDS[handler];
  const version = puppeteer === null ? 'puppeteer (version unknown)' : `puppeteer ${puppeteer[0]}`;
  if (listener === 'unknown') {
    return { browser: 'unknown', node: 'unknown', steps: [own, `what ${version} does on ${signal} is not known`] };
  }
  if (handler === 'not-awaited' && tellsAtOnce(puppeteer)) {
    return { ...TOLD, steps: [own, `${version} has told the browser to close before that`] };
  }
  if (listener === 'kills') {
    // puppeteer's SIGINT listener ends the process itself (exit 130); its others only suppress the default.
    const ends = signal === 'SIGINT' || (handler !== 'none' && handler !== 'no-exit');
    const steps = [`${version} listens for ${signal} itself and kills the browser at once`];
    if (handler !== 'none') steps.push(`${own}, and comes too late`);
    else if (!ends) steps.push('node itself stays alive, because somebody listens for the signal');
    return { browser: 'killed', node: handler === 'unknown' && !ends ? 'unknown' : ends ? 'ends' : 'stays', steps };
  }
  if (handler === 'not-awaited' || handler === 'no' || handler === 'awaited-but-raced') {
    return { browser: 'killed', node: 'ends', steps: [own, `${version} kills the browser when the process exits`] };
  }
  if (handler === 'unknown') return { browser: 'unknown', node: 'unknown', steps: [own] };
  return {
    browser: 'clean',
    node: handler === 'awaited' ? 'ends' : 'stays',
    steps: [`${version} listens for ${signal} itself and closes the browser`],
  };
}

function withoutListener(signal: StopSignal, handler: HandlerKind, { pipe, puppeteer }: BotProcess): SignalOutcome {
  const own = HANDLER_WORDS[handler];
  if (handler === 'not-awaited' && tellsAtOnce(puppeteer)) {
    return { ...TOLD, steps: [own, 'this old puppeteer has told the browser to close before that'] };
  }
  switch (handler) {
    case 'awaited':
      return { browser: 'clean', node: 'ends', steps: [own, 'the browser closes and writes everything'] };
    case 'none':
      return {
        ...abandoned(pipe),
        node: 'ends',
        steps: [own, `${signal} ends node at once`, ...abandoned(pipe).steps],
      };
    case 'no-exit':
      return { browser: 'unknown', node: 'stays', steps: [own] };
    case 'unknown':
      return { browser: 'unknown', node: 'unknown', steps: [own] };
    default:
      return { browser: 'killed', node: 'ends', steps: [own, 'puppeteer kills the browser when the process exits'] };
  }
}

/** Node is gone without having said anything to the browser. */
function abandoned(pipe: Answer): SignalOutcome {
  const rest = { node: 'ends', abandoned: true } as const;
  if (pipe === 'unknown') return { ...rest, browser: 'unknown', steps: ['whether the browser notices is not known'] };
  return pipe
    ? { ...rest, browser: 'clean', steps: ['the pipe to the browser closes, and the browser ends cleanly'] }
    : { ...rest, browser: 'orphaned', steps: ['the browser stays behind alone and keeps the profile locked'] };
}

/** What happens when node itself gets the signal, outside of any container or supervisor. */
export function onSignal(signal: StopSignal, bot: BotProcess): SignalOutcome {
  if (signal === 'SIGKILL') {
    const left = abandoned(bot.pipe);
    return { ...left, steps: ['SIGKILL ends node at once', ...left.steps] };
  }
  const handler = bot.handlers[signal];
  const listens = bot.puppeteerListens[signal];
  if (listens === 'unknown') {
    const [on, off] = [withListener(signal, handler, bot), withoutListener(signal, handler, bot)];
    if (on.browser === off.browser) return on;
    return {
      browser: 'unknown',
      node: 'unknown',
      steps: [`whether puppeteer listens for ${signal} could not be told`],
    };
  }
  return listens ? withListener(signal, handler, bot) : withoutListener(signal, handler, bot);
}

function lostSeconds(browser: Browser): number | null {
  if (browser === 'unknown') return null;
  return browser === 'killed' ? LOCAL_STORAGE_DELAY_SECONDS : 0;
}

/** The end of the story, in words. */
function ending(browser: Browser): string[] {
  if (browser === 'killed') {
    return [
      `what the page wrote to Local Storage in the last ${LOCAL_STORAGE_DELAY_SECONDS} s is lost; a login younger than that is lost whole`,
    ];
  }
  if (browser === 'orphaned')
    return ['the next start fails with "The browser is already running" until the orphan is ended'];
  return [];
}

const BROWSER_TOO =
  'the Chromium process that keeps Local Storage ends before the browser has handed it the last writes, whatever the bot does';
const CLOSES_ITSELF = 'the browser has got the signal too, and closes by itself';
const DEAF = 'nothing in node listens for it, and the kernel does not end PID 1 without a handler';
const OVER = 'the container ends, and with it everything in it is killed';
const RACE = 'whether the browser was quicker cannot be known';
const REST_KILLED = 'what is left is killed as soon as the main process has ended';

function isStopSignal(signal: string): signal is StopSignal {
  return signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP' || signal === 'SIGKILL';
}

/** Node has got the signal; what surrounds it may do something to the browser too. */
function atNode(
  launch: Launch,
  delivery: NodeDelivery,
  bot: BotProcess,
): { browser: Browser; steps: readonly string[] } {
  const { signal, browserToo, first, killsAfter } = delivery;
  const contained = isContained(launch);
  if (browserToo && signal === 'SIGTERM') return { browser: 'killed', steps: [BROWSER_TOO] };
  const listens = signal === 'SIGKILL' ? false : bot.puppeteerListens[signal];
  if (first && signal !== 'SIGKILL' && bot.handlers[signal] === 'none' && listens === false) {
    return { browser: 'killed', steps: [DEAF, killedAfter(killsAfter, true)] };
  }
  const outcome = onSignal(signal, bot);
  const steps = [...outcome.steps];
  if (browserToo && signal === 'SIGINT') {
    // Chromium's helpers ignore SIGINT, its main process closes (measured): nobody has to tell it.
    const left = outcome.abandoned === true || outcome.node === 'stays';
    if (outcome.browser !== 'killed' && left) return { browser: 'clean', steps: [...steps.slice(0, 2), CLOSES_ITSELF] };
  }
  // Measured: in a container one such login was kept and others were lost.
  if (outcome.told === true && (contained || launch.stop.reaches === 'first-then-kill'))
    return { browser: 'unknown', steps: [...steps, contained ? OVER : REST_KILLED, RACE] };
  // A pid namespace ends with its first process: whatever is left in it is killed, before a broken pipe is noticed (measured).
  if (outcome.abandoned === true && (contained || launch.stop.reaches === 'first-then-kill')) {
    return { browser: 'killed', steps: [...steps.slice(0, 2), contained ? OVER : REST_KILLED] };
  }
  if (outcome.browser === 'unknown' && outcome.node === 'stays' && killsAfter !== null) {
    const browser = contained || launch.stop.reaches !== undefined ? 'killed' : abandoned(bot.pipe).browser;
    return { browser, steps: [...steps, killedAfter(killsAfter, contained)] };
  }
  if (outcome.browser === 'clean' && killsAfter !== null && killsAfter < CLOSING_SECONDS) {
    const hasty = `closing takes 0.1 to ${CLOSING_SECONDS} s, and it is killed after ${killsAfter} s`;
    return { browser: killsAfter === 0 ? 'killed' : 'unknown', steps: [...steps, hasty] };
  }
  return { browser: outcome.browser, steps };
}

function stopWith(launch: Launch, signal: StopSignal, bot: BotProcess): StopOutcome {
  const delivery = deliver(launch, signal);
  const { browser, steps } =
    delivery.to === 'node' ? atNode(launch, delivery, bot) : { browser: delivery.browser, steps: [] };
  return {
    signal,
    browser,
    lostSeconds: lostSeconds(browser),
    chain: [...delivery.steps, ...steps, ...ending(browser)],
  };
}

/**
 * What happens to the browser at each way of stopping a launch: with the signal that its supervisor sends first, then with the other
 * common ones.
 */
export function stopOutcomes(launch: Launch, bot: BotProcess): StopOutcome[] {
  const own = launch.stop.signal ?? 'SIGTERM';
  const signals = [...new Set([own, 'SIGTERM', 'SIGINT', 'SIGKILL'])].filter(isStopSignal);
  return signals.map((signal) => stopWith(launch, signal, bot));
}

/** What happens when node itself is stopped, by a person or a test, outside of any supervisor. */
export function directOutcomes(bot: BotProcess): StopOutcome[] {
  return (['SIGTERM', 'SIGINT', 'SIGKILL'] as const).map((signal) => {
    const { browser, steps } = onSignal(signal, bot);
    return { signal, browser, lostSeconds: lostSeconds(browser), chain: [...steps, ...ending(browser)] };
  });
}
