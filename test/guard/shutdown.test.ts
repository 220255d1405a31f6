import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch, write } from '../support/doctor.ts';

const GUARD = join(import.meta.dirname, '../../dist/guard.js');

/** A bot without whatsapp-web.js: its client takes its time to close, and says when it has. */
function botOf(dataPath: string, { closesIn = 300, options = '{}', extra = '' }): string {
  write(dataPath, {
    'bot.mjs': `import { gracefulShutdown } from ${JSON.stringify(GUARD)};
const client = {
  options: { puppeteer: { args: ['--mine'], handleSIGINT: true } },
  destroy: () => new Promise((done) => setTimeout(() => { process.send('closed'); done(); }, ${closesIn})),
};
${extra}
gracefulShutdown(client, { log: null, ...${options} });
process.send({ puppeteer: client.options.puppeteer });
setInterval(() => {}, 1000);
`,
  });
  return join(dataPath, 'bot.mjs');
}

async function start(settings: Parameters<typeof botOf>[1]) {
  const child: ChildProcess = fork(botOf(scratch('guard'), settings), { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const said: unknown[] = [];
  child.on('message', (message) => said.push(message));
  const ended = new Promise<{ code: number | null; signal: string | null }>((done) =>
    child.once('exit', (code, signal) => done({ code, signal })),
  );
  await new Promise((done) => child.once('message', done));
  return { child, said, ended };
}

describe('gracefulShutdown', () => {
  it("switches puppeteer's handlers off and keeps the other options", async () => {
    const { child, said, ended } = await start({});
    child.kill('SIGKILL');
    await ended;
    expect(said[0]).toEqual({
      puppeteer: { args: ['--mine'], handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('awaits destroy() on %s, and exits 0', async (signal) => {
    const { child, said, ended } = await start({});
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(said).toContain('closed');
  });

  it("awaits destroy() on pm2's shutdown message", async () => {
    const { child, said, ended } = await start({});
    child.send('shutdown');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(said).toContain('closed');
  });

  it.each([
    ['before', "process.on('SIGTERM', () => process.exit(3));", 3],
    ['later', "setTimeout(() => process.on('SIGTERM', () => process.exit(3)), 0);", 3],
  ])('lets a module that exits, registered %s, wait for the browser', async (_, extra, code) => {
    const { child, said, ended } = await start({ extra });
    await new Promise((done) => setTimeout(done, 200));
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code, signal: null });
    expect(said).toContain('closed');
  });

  it('gives up at its deadline', async () => {
    const { child, said, ended } = await start({ closesIn: 60_000, options: '{ deadlineMs: 500 }' });
    const from = Date.now();
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - from).toBeLessThan(10_000);
    expect(said).not.toContain('closed');
  });

  it('takes a second signal at once for an echo, and a later one for an order', async () => {
    const { child, said, ended } = await start({ closesIn: 60_000, options: '{ deadlineMs: 50_000 }' });
    child.kill('SIGINT');
    await new Promise((done) => setTimeout(done, 150));
    child.kill('SIGINT');
    await new Promise((done) => setTimeout(done, 150));
    expect(child.exitCode).toBeNull();
    await new Promise((done) => setTimeout(done, 1_500));
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 130, signal: null });
    expect(said).not.toContain('closed');
  });

  it('closes on an uncaught exception when it is told to, and ends with 1', async () => {
    const extra =
      "process.on('message', (m) => { if (m === 'crash') setImmediate(() => { throw new Error('x'); }); });";
    const { child, said, ended } = await start({ extra, options: '{ crashes: true }' });
    child.send('crash');
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(said).toContain('closed');
  });

  it('ends cleanly although destroy() fails', async () => {
    const { child, ended } = await start({ extra: "client.destroy = () => { throw new Error('no'); };" });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
  });
});
