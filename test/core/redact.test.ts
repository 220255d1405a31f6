import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/core/redact.ts';

const redact = (text: string) => createRedactor().text(text);

describe('secrets are replaced', () => {
  it.each([
    ['session-491701234567', 'session-‹phone#1›'],
    ['491701234567@c.us', '‹phone#1›@c.us'],
    ['deletes session-491701234567.', 'deletes session-‹phone#1›.'],
    ['wa491701234567.json', 'wa‹phone#1›.json'],
    ['client_491701234567_x', 'client_‹phone#1›_x'],
    ['https:/bot:hunter2hunter@e.org', 'https:/bot:‹password#1›@e.org'],
    ['curl -u bot:hunter2 x', 'curl -u bot:‹password#1› x'],
    ['run --auth-token abcdefgh', 'run --auth-token ‹secret#1›'],
    ['PASSWORD=$2b$10$abcdef', 'PASSWORD=‹secret#1›'],
    ['https://e.org/?sig=abcdefgh', 'https://e.org/?sig=‹secret#1›'],
    ['call +49 170 1234567 now', 'call ‹phone#1› now'],
    ['postgres://bot:hunter2hunter@db/wa', 'postgres://bot:‹password#1›@db/wa'],
    ['Authorization: Bearer abcdefghijklmnop', 'Authorization: Bearer ‹token#1›'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '‹token#1›'],
    ['API_KEY=supersecretvalue node index.js', 'API_KEY=‹secret#1› node index.js'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('equal values get equal tokens, other values others, and all are counted', () => {
    const redactor = createRedactor();
    expect(redactor.text('491701234567 491701234567 491709999999')).toBe('‹phone#1› ‹phone#1› ‹phone#2›');
    expect(redactor.count).toBe(3);
  });

  it('a mask is the same in every run, for text that was redacted before too, and is not counted', () => {
    const redactor = createRedactor();
    redactor.learn('DB_PASSWORD', 'correct horse');
    const text = 'session-491709999999 session-491701234567 correct horse 1.5';
    expect(redactor.mask(text)).toBe('session-‹phone› session-‹phone› ‹secret› 1.5');
    expect(redactor.count).toBe(0);
    expect(createRedactor().mask(redactor.text(text))).toBe(redactor.mask(text));
  });

  it('replaces the value of a secret-looking variable wherever it stands', () => {
    const redactor = createRedactor();
    redactor.learn('DB_PASSWORD', 'correct horse');
    expect(
      redactor.value({
        env: { DB_PASSWORD: 'correct horse' },
        args: ['--pw', 'correct horse'],
        deep: [{ 'correct horse': 1 }],
      }),
    ).toEqual({
      env: { DB_PASSWORD: '‹secret#1›' },
      args: ['--pw', '‹secret#1›'],
      deep: [{ '‹secret#1›': 1 }],
    });
  });
});

describe('what is no secret stays', () => {
  it.each([
    '/app/data/whatsapp-sessions',
    '/var/lib/docker/volumes/4f1c9a0b7d3e2f6a8b5c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a/_data',
    'beefcf1358cac0b5ac9cfb4084bd34348e5a8e81c2faa775d9b8602b287ecf24',
    'pod 3446fc1e-2aee-4e27-a588-c9cace32c260',
    '21458803412ae671',
    '1a2345678901234b',
    'size=65536k,mode=755',
    'chromium 156.0.8078.79',
    'process.env.API_TOKEN',
    '2026-11-25 02:11:51',
  ])('%s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

it('no planted number survives, wherever it is planted', () => {
  const phone = fc.stringMatching(/^[1-9]\d{10,12}$/).filter((digits) => !/^(\d)\1+$/.test(digits));
  const around = fc.constantFrom('', ' ', '/', '-', '_x', '"', "'", '@c.us', '=', ':');
  fc.assert(
    fc.property(phone, around, around, (digits, before, after) => {
      const text = `${before.replace('_x', '-')}${digits}${after.replace('_x', '/')}`;
      expect(JSON.stringify(createRedactor().value({ [text]: [text] }))).not.toContain(digits);
    }),
  );
});
