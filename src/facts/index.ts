import { access } from './access.ts';
import type { FactDefinition } from './graph.ts';
import { ignores } from './ignores.ts';
import { launches } from './launches.ts';
import { mounts, places, platform, space } from './machine-facts.ts';
import { project } from './project.ts';
import { git, profiles } from './session-facts.ts';
import { sessions } from './sessions.ts';
import { lifecycle, sites } from './source-facts.ts';
import { verifyFact } from './verify.ts';
import { handling, scripts, sourceDeletions } from './wipers.ts';

/** Every fact, each beside its kin. */
export const FACTS: readonly FactDefinition[] = [
  project,
  platform,
  mounts,
  sites,
  launches,
  sessions,
  places,
  lifecycle,
  scripts,
  sourceDeletions,
  handling,
  profiles,
  git,
  access,
  space,
  ignores,
  verifyFact,
];
