import { describe, expect, it } from 'vitest';
import { settingsInForce } from '../../src/core/policy/settings.ts';
import type { Settings } from '../../src/model/policy.ts';

const config: Settings = {
  failOn: { value: 'warning', by: 'c:1:1' },
  only: { value: ['WA101', 'WA201'], by: 'c:2:1' },
  skip: { value: ['WA201', 'WA301'], by: 'c:3:1' },
  severities: [
    { code: 'WA201', severity: 'off', by: 'c:4:1' },
    { code: 'WA301', severity: 'info', by: 'c:4:9' },
  ],
  suppressions: [
    { code: 'WA101', reason: 'r', until: null, path: null, session: null, fingerprint: null, by: 'c:5:1' },
  ],
};

describe('what is in force', () => {
  it('defaults where nobody says anything', () => {
    expect(settingsInForce({}, {})).toEqual({
      failOn: { value: 'error', by: 'default' },
      show: { value: 'info', by: 'default' },
      allowUnknown: { value: false, by: 'default' },
      allowNoBot: { value: false, by: 'default' },
      inlineIgnores: { value: true, by: 'default' },
      severities: [],
      suppressions: [],
    });
  });

  it('the file over the defaults, a flag over the file', () => {
    const { failOn, show, suppressions } = settingsInForce({ show: { value: 'error', by: '--show' } }, config);
    expect([failOn, show]).toEqual([config.failOn, { value: 'error', by: '--show' }]);
    expect(suppressions).toEqual(config.suppressions);
    expect(settingsInForce({ failOn: { value: 'never', by: '--fail-on' } }, config).failOn.by).toBe('--fail-on');
  });

  it('severities check by check', () => {
    const flags: Settings = { severities: [{ code: 'WA301', severity: 'error', by: '--severity' }] };
    expect(settingsInForce(flags, config).severities).toEqual([config.severities?.[0], flags.severities?.[0]]);
  });

  it('a check that a flag selects runs, although the file skips it and turns it off', () => {
    const { only, skip, severities } = settingsInForce({ only: { value: ['WA201'], by: '--only' } }, config);
    expect([only?.value, skip, severities.map(({ code }) => code)]).toEqual([
      ['WA201'],
      { value: ['WA301'], by: 'c:3:1' },
      ['WA301'],
    ]);
  });

  it('what a flag skips is skipped', () => {
    const skip = { value: ['WA201'], by: '--skip' };
    const { skip: inForce } = settingsInForce({ only: { value: ['WA201'], by: '--only' }, skip }, config);
    expect(inForce).toEqual(skip);
  });
});
