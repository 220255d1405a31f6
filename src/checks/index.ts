import type { Check } from '../model/check.ts';
import exposedSession from './exposure/exposed-session.ts';
import liveBackup from './exposure/live-backup.ts';
import runningAsRoot from './exposure/running-as-root.ts';
import sessionInGit from './exposure/session-in-git.ts';
import sessionInImage from './exposure/session-in-image.ts';
import knownBadVersion from './lifecycle/known-bad-version.ts';
import multipleOwners from './lifecycle/multiple-owners.ts';
import relinkInProcess from './lifecycle/relink-in-process.ts';
import resourceLimits from './lifecycle/resource-limits.ts';
import sessionNotStarted from './lifecycle/session-not-started.ts';
import signalHandling from './lifecycle/signal-handling.ts';
import signalNotForwarded from './lifecycle/signal-not-forwarded.ts';
import stopTimeout from './lifecycle/stop-timeout.ts';
import uncleanDestroy from './lifecycle/unclean-destroy.ts';
import ambiguousSessionPath from './path/ambiguous-session-path.ts';
import noPersistentStrategy from './path/no-persistent-strategy.ts';
import relativeSessionPath from './path/relative-session-path.ts';
import remoteStore from './path/remote-store.ts';
import sessionInBuildDir from './path/session-in-build-dir.ts';
import unsetSessionEnv from './path/unset-session-env.ts';
import unstableClientId from './path/unstable-client-id.ts';
import volumeMismatch from './path/volume-mismatch.ts';
import browserDowngrade from './profile/browser-downgrade.ts';
import damagedStore from './profile/damaged-store.ts';
import deletedUnderBrowser from './profile/deleted-under-browser.ts';
import idleLink from './profile/idle-link.ts';
import liveOwner from './profile/live-owner.ts';
import noPreflight from './profile/no-preflight.ts';
import sessionIncomplete from './profile/session-incomplete.ts';
import sessionMissing from './profile/session-missing.ts';
import staleLock from './profile/stale-lock.ts';
import uncleanExit from './profile/unclean-exit.ts';
import ephemeralStorage from './storage/ephemeral-storage.ts';
import lowSpace from './storage/low-space.ts';
import notWritable from './storage/not-writable.ts';
import tempDirectory from './storage/temp-directory.ts';
import unfitFilesystem from './storage/unfit-filesystem.ts';
import unstableVolume from './storage/unstable-volume.ts';
import canaryLost from './verify/canary-lost.ts';
import lostOnRestart from './verify/lost-on-restart.ts';
import destructiveDeploy from './wipers/destructive-deploy.ts';
import destructiveLifecycle from './wipers/destructive-lifecycle.ts';
import destructiveScript from './wipers/destructive-script.ts';
import destructiveVcs from './wipers/destructive-vcs.ts';
import logoutAsStop from './wipers/logout-as-stop.ts';
import sourceDeletesSession from './wipers/source-deletes-session.ts';
import watcherRestarts from './wipers/watcher-restarts.ts';

/** Every check, by code. A new check is one file and one line here. */
export const CHECKS: readonly Check[] = [
  ephemeralStorage,
  tempDirectory,
  unstableVolume,
  unfitFilesystem,
  lowSpace,
  notWritable,
  volumeMismatch,
  relativeSessionPath,
  ambiguousSessionPath,
  noPersistentStrategy,
  unstableClientId,
  sessionInBuildDir,
  unsetSessionEnv,
  remoteStore,
  destructiveScript,
  destructiveLifecycle,
  destructiveVcs,
  sourceDeletesSession,
  destructiveDeploy,
  watcherRestarts,
  logoutAsStop,
  uncleanDestroy,
  signalHandling,
  stopTimeout,
  signalNotForwarded,
  multipleOwners,
  resourceLimits,
  knownBadVersion,
  sessionNotStarted,
  relinkInProcess,
  sessionMissing,
  sessionIncomplete,
  staleLock,
  liveOwner,
  damagedStore,
  uncleanExit,
  browserDowngrade,
  deletedUnderBrowser,
  idleLink,
  noPreflight,
  exposedSession,
  runningAsRoot,
  sessionInGit,
  sessionInImage,
  liveBackup,
  lostOnRestart,
  canaryLost,
];
