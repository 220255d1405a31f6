import exposedSession from '../checks/exposure/exposed-session.ts';
import runningAsRoot from '../checks/exposure/running-as-root.ts';
import browserDowngrade from '../checks/profile/browser-downgrade.ts';
import damagedStore from '../checks/profile/damaged-store.ts';
import deletedUnderBrowser from '../checks/profile/deleted-under-browser.ts';
import idleLink from '../checks/profile/idle-link.ts';
import liveOwner from '../checks/profile/live-owner.ts';
import sessionIncomplete from '../checks/profile/session-incomplete.ts';
import sessionMissing from '../checks/profile/session-missing.ts';
import staleLock from '../checks/profile/stale-lock.ts';
import uncleanExit from '../checks/profile/unclean-exit.ts';

/** The checks that need nothing but profiles: `inspect --fail-on` runs them. */
export const PROFILE_CHECKS = [
  sessionMissing,
  sessionIncomplete,
  staleLock,
  liveOwner,
  damagedStore,
  uncleanExit,
  browserDowngrade,
  deletedUnderBrowser,
  idleLink,
  exposedSession,
  runningAsRoot,
] as const;
