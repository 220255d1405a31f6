import { describe, expect, it } from 'vitest';
import canaryLost from '../../src/checks/verify/canary-lost.ts';
import lostOnRestart from '../../src/checks/verify/lost-on-restart.ts';
import type { CanaryResult, VerifyResult } from '../../src/model/verify.ts';

function live(verdict: VerifyResult['verdict']): VerifyResult {
  return {
    schema: 'wa-doctor/verify@1',
    mode: 'live',
    verdict,
    reason: 'run 1 was ready, run 2 shows a QR code',
    advice: [],
    session: '/data/session',
    browser: null,
    library: null,
    runs: [],
    lostAt: verdict === 'lost' ? 2 : null,
    profile: { before: null, after: null },
    backup: null,
    timings: { inspect: 0, backup: 0, runs: 0 },
  };
}

function canary(verdict: CanaryResult['verdict']): CanaryResult {
  return {
    schema: 'wa-doctor/canary@1',
    step: 'cycle',
    verdict,
    reason: 'IndexedDB did not keep the canary',
    advice: [],
    dataPath: '/data',
    sentinel: 'kept',
    stores: [{ name: 'IndexedDB', answer: verdict === 'lost' ? 'lost' : 'kept' }],
    browser: null,
    planted: null,
    now: null,
    timings: { plant: 0, check: 0 },
  };
}

describe('WA701 and WA702', () => {
  it.each([
    ['survived', 0, undefined],
    ['lost', 1, undefined],
    ['refused', 0, 'unknown'],
    ['inconclusive', 0, 'unknown'],
    ['not-linked', 0, 'notApplicable'],
  ] as const)('verify %s: %i findings', (verdict, findings, other) => {
    const result = lostOnRestart.run({ verify: { live: live(verdict), canary: null } });
    expect(result.findings).toHaveLength(findings);
    expect(result.unknown !== undefined).toBe(other === 'unknown');
    expect(result.notApplicable !== undefined).toBe(other === 'notApplicable');
  });

  it.each([
    ['survived', 0, false],
    ['lost', 1, false],
    ['inconclusive', 0, true],
  ] as const)('canary %s: %i findings', (verdict, findings, unknown) => {
    const result = canaryLost.run({ verify: { live: null, canary: canary(verdict) } });
    expect(result.findings).toHaveLength(findings);
    expect(result.unknown !== undefined).toBe(unknown);
  });

  it('nothing was tried: not applicable, never a pass', () => {
    for (const check of [lostOnRestart, canaryLost]) {
      expect(check.run({ verify: { live: null, canary: null } }).notApplicable).toContain('wa-doctor audit --verify');
    }
  });
});
