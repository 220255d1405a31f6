import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { assertPersistentSession, SessionError } from '../../src/guard/index.ts';
import { scratch } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';

/** As whatsapp-web.js makes it: what the guard reads of a client. */
function client(authStrategy: unknown, puppeteer: unknown = {}) {
  return { destroy: () => Promise.resolve(), authStrategy, options: { puppeteer } };
}

afterEach(() => vi.restoreAllMocks());

describe('assertPersistentSession', () => {
  it('finds no session in an empty data path, and says so without an error', async () => {
    const lines: string[] = [];
    const dataPath = scratch();
    const report = await assertPersistentSession({ dataPath }, { log: (line) => lines.push(line) });
    expect(report).toMatchObject({ state: 'missing', path: join(dataPath, 'session') });
    expect(report.problems.find(({ code }) => code === 'WA501')?.level).toBe('notice');
    expect(lines.join('\n')).toContain('will show a QR code');
  });

  it('makes a missing session an error when it must exist', async () => {
    const report = await assertPersistentSession({ dataPath: scratch() }, { mustExist: true, log: null });
    expect(report.ok).toBe(false);
    expect(report.problems.find(({ code }) => code === 'WA501')?.level).toBe('error');
  });

  it.each([
    ['a strategy that keeps nothing', client({}), 'WA203'],
    ['--incognito', client({ dataPath: '/data' }, { args: ['--incognito'] }), 'WA203'],
  ])('warns of %s, and does not throw', async (_, target, code) => {
    const lines: string[] = [];
    const report = await assertPersistentSession(target, { log: (line) => lines.push(line) });
    expect(report.ok).toBe(false);
    expect(report.problems.map((problem) => problem.code)).toContain(code);
    expect(lines[0]).toContain(code);
  });

  it.skipIf(lacks('linux'))('warns of a path in memory', async () => {
    const report = await assertPersistentSession('/dev/shm/wwebjs', { log: null });
    expect(report.ok).toBe(false);
    expect(report.problems.find(({ code }) => code === 'WA101')).toMatchObject({ level: 'error' });
    expect(report.survives?.reboot).toBe(false);
  });

  it('throws only when it is told to, with the report', async () => {
    const failed = assertPersistentSession(client({}), { onProblem: 'throw', log: null });
    await expect(failed).rejects.toBeInstanceOf(SessionError);
    await expect(failed).rejects.toMatchObject({ report: { ok: false } });
  });

  it('ends the process with 78 when it is told to', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
    await assertPersistentSession(client({}), { onProblem: 'exit', log: null });
    expect(exit).toHaveBeenCalledExactlyOnceWith(78);
  });

  it('gives the report to a function', async () => {
    const seen = vi.fn();
    const report = await assertPersistentSession(client({}), { onProblem: seen });
    expect(seen).toHaveBeenCalledExactlyOnceWith(report);
  });

  it.each([
    ['a null', null],
    ['a number', 7],
    [
      'an object whose parts throw',
      {
        destroy() {},
        get authStrategy() {
          throw new Error('no');
        },
      },
    ],
    ['a path with a NUL', 'a\0b'],
  ])('never rejects, whatever it gets: %s', async (_, target) => {
    const report = await assertPersistentSession(target as never, { log: null });
    expect(report.problems.length).toBeGreaterThan(0);
  });

  it('says that a profile is damaged where a store is torn', async () => {
    const dataPath = scratch();
    const store = join(dataPath, 'session/Default/Local Storage/leveldb');
    mkdirSync(store, { recursive: true });
    writeFileSync(join(store, 'CURRENT'), 'MANIFEST-000009\n');
    const report = await assertPersistentSession({ dataPath }, { log: null });
    expect(report.ok).toBe(false);
    expect(report.state).not.toBe('missing');
  });

  it('knows the directory of a client id, of RemoteAuth and of userDataDir', async () => {
    const dataPath = scratch();
    const pathOf = async (target: Parameters<typeof assertPersistentSession>[0]) =>
      (await assertPersistentSession(target, { log: null })).path;
    expect(await pathOf({ dataPath, clientId: 'shop' })).toBe(join(dataPath, 'session-shop'));
    expect(await pathOf(client({ dataPath, clientId: 'shop', store: {} }))).toBe(join(dataPath, 'RemoteAuth-shop'));
    expect(await pathOf(client({}, { userDataDir: dataPath }))).toBe(dataPath);
  });
});
