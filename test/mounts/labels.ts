import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '../../src/model/answer.ts';
import { type Durability, SURVIVAL_LEVELS, type SurvivalLevel } from '../../src/model/mount.ts';
import { type AbsolutePath, absolutePath } from '../../src/model/path.ts';
import { type Context, contextOf } from '../../src/mounts/context.ts';
import { mountIndex } from '../../src/mounts/covering.ts';
import { durability } from '../../src/mounts/durability.ts';
import { NO_EVIDENCE, type PlatformEvidence } from '../../src/mounts/evidence.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';

/** One labelled path, as the corpus' README explains it. */
export interface Label {
  readonly file: string;
  readonly path: string;
  readonly env?: Record<string, string>;
  readonly evidence?: {
    readonly files?: string[];
    readonly symlinks?: Record<string, string>;
    readonly exists?: boolean;
    readonly osrelease?: string;
    readonly procVersion?: string;
    readonly proc1?: Record<string, string>;
    readonly sysBlock?: Record<string, { model?: string }>;
    readonly env?: Record<string, string>;
  };
  readonly expect: {
    readonly mountPoint: string | null;
    readonly fstype: string | null;
    readonly survives: Record<SurvivalLevel, Answer>;
    readonly writable?: boolean;
    readonly reasonCode?: string;
  };
  readonly alsoAccept?: Partial<Record<SurvivalLevel, Answer[]>>;
  readonly tags?: string[];
}

export function labelsIn(folder: string): Label[] {
  return JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as Label[];
}

/** Follow the links of a label component by component, as realpath does, without a file system. */
export function resolveWith(links: Readonly<Record<string, string>>, path: string): AbsolutePath {
  let rest = path.split('/').filter((part) => part !== '' && part !== '.');
  let done = '';
  for (let steps = 0; rest.length > 0 && steps < 1000; steps += 1) {
    const [part = '', ...more] = rest;
    rest = more;
    if (part === '..') {
      done = done.slice(0, Math.max(0, done.lastIndexOf('/')));
      continue;
    }
    const target = links[`${done}/${part}`];
    if (target === undefined) {
      done = `${done}/${part}`;
      continue;
    }
    if (target.startsWith('/')) done = '';
    rest = [...target.split('/').filter((piece) => piece !== '' && piece !== '.'), ...rest];
  }
  return absolutePath(done === '' ? '/' : done);
}

export function evidenceOf(label: Label): PlatformEvidence {
  const { evidence } = label;
  return {
    ...NO_EVIDENCE,
    env: { ...evidence?.env, ...label.env },
    proc1Env: evidence?.proc1 ?? {},
    files: evidence?.files ?? [],
    osrelease: evidence?.osrelease ?? null,
    procVersion: evidence?.procVersion ?? null,
    sysBlock: evidence?.sysBlock ?? {},
  };
}

export function contextFor(folder: string, label: Label): Context {
  const table = parseMountinfo(readFileSync(join(folder, label.file)), label.file, 'file');
  return contextOf(mountIndex(table), evidenceOf(label));
}

export function judgeLabel(folder: string, label: Label): Durability {
  return durability({
    path: label.path,
    resolved: resolveWith(label.evidence?.symlinks ?? {}, label.path),
    exists: label.evidence?.exists ?? 'unknown',
    context: contextFor(folder, label),
  });
}

/** How the answers of one judgement compare with its label: the three counts of issue 3. */
export interface Score {
  right: number;
  unknown: number;
  wrong: number;
  readonly misses: string[];
}

export function score(folder: string, labels: readonly Label[]): Score {
  const total: Score = { right: 0, unknown: 0, wrong: 0, misses: [] };
  for (const label of labels) {
    const judged = judgeLabel(folder, label);
    const { expect } = label;
    const name = `${label.file} ${label.path}`;
    if ((judged.mount?.mountPoint ?? null) !== expect.mountPoint || (judged.mount?.fstype ?? null) !== expect.fstype) {
      total.wrong += 1;
      total.misses.push(
        `${name}: mount ${judged.mount?.mountPoint} ${judged.mount?.fstype}, not ${expect.mountPoint} ${expect.fstype}`,
      );
    }
    if (expect.writable !== undefined && judged.writable !== expect.writable) {
      total.wrong += 1;
      total.misses.push(`${name}: writable ${judged.writable}, not ${expect.writable}`);
    }
    for (const level of SURVIVAL_LEVELS) {
      const answer = judged.survives[level];
      if (answer === expect.survives[level] || label.alsoAccept?.[level]?.includes(answer)) total.right += 1;
      else if (answer === 'unknown') {
        total.unknown += 1;
        total.misses.push(
          `${name}: ${level} unknown, not ${expect.survives[level]} (${judged.reasons.map((r) => r.code).join(' ')})`,
        );
      } else {
        total.wrong += 1;
        total.misses.push(
          `${name}: ${level} ${answer}, not ${expect.survives[level]} (${judged.reasons.map((r) => r.code).join(' ')})`,
        );
      }
    }
  }
  return total;
}
