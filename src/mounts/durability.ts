import type { Answer, Confidence } from '../model/answer.ts';
import type { Durability, Mount, Reason, Survival } from '../model/mount.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Context } from './context.ts';
import { coveringById } from './covering.ts';
import { fitnessOf, isReadOnly } from './fitness.ts';
import { fileSystemType } from './fstypes.ts';
import { modifiers } from './modifiers.ts';
import { describeMount, type Ruling } from './ruling.ts';
import { rule } from './storage.ts';
import { meet, survival, weaker } from './survival.ts';

/** One path, links followed already. */
export interface DurabilityQuery {
  /** As it was typed. */
  readonly path: string;
  /** Links of the nearest existing ancestor followed, the missing rest appended. */
  readonly resolved: AbsolutePath;
  readonly exists: Answer;
  readonly context: Context;
  /** The kernel's own id of the covering mount, where it could be had on the live table. */
  readonly mountId?: number | null;
}

const NOTHING: Survival = survival('?????');

const reason = (from: Ruling): Reason => ({ code: from.code, text: from.text, evidence: from.evidence });

/** A network disk outlives the machine: the only modifier that adds instead of taking away. */
const OUTLIVES = new Set(['network-disk']);

function applyDevice(base: Survival, mount: Mount, context: Context): Survival {
  // The boot disk of a machine usually goes with it, also where it is a disk on the network.
  const own = context.engine === 'host' && mount === context.index.root;
  return { ...base, nodeLoss: own ? 'unknown' : true };
}

function writableOf(mount: Mount, base: Ruling): Answer {
  if (isReadOnly(mount) || base.code === 'pseudo' || base.code === 'read-only-image' || base.code === 'deleted')
    return false;
  return base.confidence === 'low' && base.survives === '?????' ? 'unknown' : true;
}

/**
 * Which restart loses what is at this path? Pure: everything comes from the mount table and the evidence in `context`.
 * Order of the rules: docs/storage.md. What cannot be known is `'unknown'`, with a reason that says what is missing.
 */
export function durability(query: DurabilityQuery): Durability {
  const { path, resolved, exists, context } = query;
  const mount = coveringById(context.index, resolved, query.mountId ?? null);
  if (!mount) {
    return {
      path,
      resolved,
      exists,
      mount: null,
      survives: NOTHING,
      writable: 'unknown',
      chromiumFit: 'unknown',
      confidence: 'low',
      reasons: [
        {
          code: 'no-mount',
          text: 'no line of the mount table covers this path: the root of this process lies on a mount outside its view',
          evidence: context.index.table.origin,
        },
      ],
    };
  }
  const base = rule(context, mount, resolved);
  const extra = modifiers(context, mount, resolved, base);
  let survives = survival(base.survives);
  let confidence: Confidence = base.confidence;
  const reasons: Reason[] = [reason(base)];
  for (const modifier of extra) {
    reasons.push(reason(modifier));
    if (OUTLIVES.has(modifier.code)) {
      if (survives.recreate !== false) survives = applyDevice(survives, mount, context);
      continue;
    }
    survives = meet(survives, survival(modifier.survives));
    confidence = weaker(confidence, modifier.confidence);
  }
  const fitness = fitnessOf(mount, fileSystemType(mount.fstype, mount.source));
  const writable = writableOf(mount, base);
  if (writable === false && isReadOnly(mount)) {
    reasons.push({
      code: 'read-only',
      text: 'the mount is read-only: nothing can be written there',
      evidence: `options ${mount.options}; ${firstOptions(mount.superOptions)}`,
    });
  }
  if (fitness.why && fitness.fit !== 'yes' && writable !== false) {
    reasons.push({ code: `chromium-${fitness.fit}`, text: fitness.why, evidence: describeMount(mount) });
  }
  if (exists === false) {
    reasons.push({
      code: 'not-there-yet',
      text: 'the path does not exist yet: it would be made on this mount',
      evidence: resolved,
    });
  }
  for (const text of context.contradictions) {
    reasons.push({ code: 'contradiction', text, evidence: context.engineEvidence });
    confidence = 'low';
  }
  return { path, resolved, exists, mount, survives, writable, chromiumFit: fitness.fit, confidence, reasons };
}

const firstOptions = (options: string): string => (options.length > 60 ? `${options.slice(0, 60)}…` : options);

/** `durability` for a path that is known to have no links: for declared tables and saved ones. */
export function durabilityOf(context: Context, path: string): Durability {
  return durability({ path, resolved: absolutePath(path), exists: 'unknown', context });
}
