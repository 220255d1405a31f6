import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lacks } from '../../support/needs.ts';
import { cleanUp, scratch } from '../../support/real-profile.ts';
import { doctorView, sorted } from './names.ts';
import { fill } from './random-content.ts';

/** Profiles with random names, some of them killed. */
const PROFILES = 20;

describe.skipIf(lacks('chromium'))('the doctor against Chromium’s own view', () => {
  afterAll(cleanUp);

  test.each(Array.from({ length: PROFILES }, (_, seed) => seed))('profile %i', { timeout: 120_000 }, async (seed) => {
    const profile = join(scratch(), `names-${seed}`, 'session');
    const page = await fill(profile, seed);
    expect(await doctorView(profile)).toEqual(sorted(page));
    rmSync(dirname(profile), { recursive: true, force: true, maxRetries: 3 });
  });
});
