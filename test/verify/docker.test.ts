import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CanaryResult } from '../../src/model/verify.ts';
import { type OwnEngine, startEngine } from '../launch/support/docker-engine.ts';
import { lacks } from '../support/needs.ts';
import { REPOSITORY } from './support.ts';

/** The only proof for container re-creation: plant, replace the container, check. Real engine, real browser. */
describe.skipIf(lacks('dockerd', 'chromium'))('the canary in containers', { timeout: 300_000 }, () => {
  const places = { volume: '/named', layer: '/app/.wwebjs_auth', memory: '/memory' } as const;
  let engine: OwnEngine;

  function start(name: string): void {
    engine.docker(
      ...['run', '-d', '--name', name, '--network=none', '-v', 'bot-data:/named', '--tmpfs', '/memory'],
      ...['-v', '/usr:/usr:ro', '-v', '/etc:/etc:ro', '-v', `${REPOSITORY}:/doctor:ro`, '-w', '/doctor'],
      ...['base:latest', 'sleep', '3600'],
    );
  }

  function canary(container: string, ...args: string[]): CanaryResult {
    const command = `node /doctor/bin/wa-doctor.js canary ${args.join(' ')} --json || true`;
    return JSON.parse(engine.docker('exec', container, 'sh', '-c', command)) as CanaryResult;
  }

  beforeAll(async () => {
    engine = await startEngine();
  }, 180_000);
  afterAll(() => engine.stop(), 60_000);

  it('a restart keeps the volume and the writable layer, not the memory', () => {
    start('first');
    expect(canary('first', 'plant', places.layer).verdict).toBe('planted');
    for (const path of [places.volume, places.memory]) canary('first', 'plant', path, '--no-browser');
    engine.docker('restart', '-t', '1', 'first');
    const layer = canary('first', 'check', places.layer);
    expect(layer).toMatchObject({
      verdict: 'survived',
      sentinel: 'kept',
      stores: [
        { name: 'Local Storage', answer: 'kept' },
        { name: 'IndexedDB', answer: 'kept' },
      ],
    });
    expect(canary('first', 'check', places.volume).verdict).toBe('survived');
    expect(canary('first', 'check', places.memory).verdict).toBe('lost');
  });

  it('a new container keeps the volume only', () => {
    expect(canary('first', 'plant', places.volume).verdict).toBe('planted');
    for (const path of [places.layer, places.memory]) canary('first', 'plant', path, '--no-browser');
    engine.docker('rm', '-f', 'first');
    start('second');
    const volume = canary('second', 'check', places.volume);
    expect(volume).toMatchObject({ verdict: 'survived', stores: [{ answer: 'kept' }, { answer: 'kept' }] });
    expect(volume.reason).toContain('another host name');
    expect(canary('second', 'check', places.layer).verdict).toBe('lost');
    expect(canary('second', 'check', places.memory).verdict).toBe('lost');
    expect(engine.docker('exec', 'second', 'ls', '-A', places.volume)).toBe('');
  });
});
