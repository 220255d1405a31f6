import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../../src/checks/index.ts';
import type { Facts } from '../../../src/model/facts.ts';
import type { Script, SourceDeletion } from '../../../src/model/wiper.ts';

const script = (more: Partial<Script>): Script => ({
  file: 'package.json',
  line: 3,
  name: 'clean',
  command: 'rm -rf .wwebjs_auth',
  automatic: 'manual',
  deletes: [{ pattern: '.wwebjs_auth', via: ['clean'], tool: 'rm' }],
  sessions: [{ path: '.wwebjs_auth/session', deleted: true, partial: false, reason: null }],
  removesVolumes: false,
  ...more,
});
const source = (more: Partial<SourceDeletion>): SourceDeletion => ({
  file: 'index.js',
  line: 5,
  trigger: 'start',
  triggerName: null,
  what: 'fs.rmSync(dir)',
  kind: 'delete',
  condition: null,
  sessions: [{ path: '.wwebjs_auth/session', deleted: true, partial: false, reason: null }],
  ...more,
});

function report(scripts: readonly Script[], sourceDeletions: readonly SourceDeletion[] = []): string[] {
  const facts: Partial<Facts> = {
    scripts,
    sourceDeletions,
    sessions: [],
    launches: [],
    handling: { watchers: [], images: [], backups: [] },
  };
  return CHECKS.filter(({ code }) => code.startsWith('WA3')).flatMap((check) =>
    check.run(facts as Facts).findings.map(({ severity }) => `${check.code} ${severity ?? check.severity}`),
  );
}

const git = [{ pattern: '.', via: [], tool: 'git clean' }];

describe('each deletion is reported once, as severe as its trigger', () => {
  it.each<[string, Partial<Script>, string[]]>([
    ['by name', {}, ['WA301 warning']],
    ['at install', { name: 'prepare', automatic: 'install' }, ['WA302 error']],
    ['at start', { name: 'start', automatic: 'start' }, ['WA302 error']],
    ['in a test', { name: 'test', automatic: 'test' }, ['WA302 warning']],
    ['git clean by name', { deletes: git, command: 'git clean -fdx' }, ['WA303 warning']],
    ['git clean in a pipeline', { file: '.github/workflows/a.yml', automatic: 'ci', deletes: git }, ['WA303 error']],
    ['rm in a pipeline', { file: '.github/workflows/a.yml', automatic: 'ci' }, ['WA305 error']],
    ['rsync by name', { deletes: [{ pattern: 'x', via: [], tool: 'rsync' }] }, ['WA305 warning']],
    ['locks only', { sessions: [{ path: 's', deleted: false, partial: false, reason: 'locks' }] }, []],
    ['a part of it', { sessions: [{ path: 's', deleted: false, partial: true, reason: 'part' }] }, ['WA301 warning']],
    [
      'not known, by name',
      { sessions: [{ path: 's', deleted: 'unknown', partial: false, reason: 'x' }] },
      ['WA301 info'],
    ],
    [
      'volumes without a session on one',
      { removesVolumes: true, sessions: [{ path: 's', deleted: false, partial: false, reason: null }] },
      [],
    ],
  ])('%s', (_, more, expected) => {
    expect(report([script(more)])).toEqual(expected);
  });

  it.each<[string, Partial<SourceDeletion>, string[]]>([
    ['at start', {}, ['WA304 error']],
    ['at start, on a condition', { condition: 'it depends on x' }, ['WA304 warning']],
    ['on disconnected', { trigger: 'event', triggerName: 'disconnected' }, ['WA304 warning']],
    ['on request', { trigger: 'route', triggerName: 'POST /reset' }, ['WA304 info']],
    ['logout at SIGTERM', { kind: 'logout', trigger: 'signal', triggerName: 'SIGTERM' }, ['WA307 error']],
    ['logout on request', { kind: 'logout', trigger: 'route', triggerName: 'POST /logout' }, ['WA307 info']],
    ['logout to restart', { kind: 'logout', trigger: 'route', triggerName: 'POST /restart' }, ['WA307 warning']],
  ])('source %s', (_, more, expected) => {
    expect(report([], [source(more)])).toEqual(expected);
  });
});
