/**
 * wa-doctor/guard: for bots. Looks at the session before the bot starts, and closes the browser before it ends.
 *
 *   import { assertPersistentSession, gracefulShutdown } from 'wa-doctor/guard';
 */
import { PUPPETEER_FLAGS } from './browser.ts';

export { assertPersistentSession, SessionError } from './session.ts';
export { gracefulShutdown } from './shutdown.ts';
export type * from './types.ts';

/** Puppeteer's launch options without its own signal handlers, which kill the browser: `puppeteer: { ...puppeteerFlags, … }`. */
export const puppeteerFlags: {
  readonly handleSIGINT: false;
  readonly handleSIGTERM: false;
  readonly handleSIGHUP: false;
} = PUPPETEER_FLAGS;
