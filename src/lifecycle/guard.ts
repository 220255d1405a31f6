/** The entry of this package for bots, as bots import it. */
export const GUARD = 'wa-doctor/guard';

/** What gracefulShutdown() listens for unless it is told otherwise (src/guard/shutdown.ts), as far as stops are judged. */
export const GUARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
