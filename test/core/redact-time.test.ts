import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/core/redact.ts';

/** A pattern that goes back over its text takes minutes for these; ours take some ten milliseconds. */
const LENGTH = 100_000;
const LIMIT_MS = 2000;

describe('redaction takes time in proportion to the text', () => {
  it.each([
    'a',
    '1',
    'A',
    '+',
    '-',
    '_',
    'a-',
    '1 ',
    '+1',
    'secret',
    'token=',
    'http://',
    'a:',
    '-----BEGIN PRIVATE KEY-----',
    'eyJaaaaaaaaa.',
    '?key=',
    ' --pass ',
    '…',
    '…abcdef',
    'abcdefgh',
    'sk-',
    'Bearer ',
    'aA1',
    'PASS_',
    '0123 ',
    ' -u ',
    '(555',
    '1-1',
  ])('%j', (piece) => {
    const text = piece.repeat(Math.ceil(LENGTH / piece.length));
    const redactor = createRedactor();
    redactor.learn('DB_PASSWORD', 'abcdefgh'.repeat(8));
    const begun = performance.now();
    redactor.text(text);
    expect(performance.now() - begun).toBeLessThan(LIMIT_MS);
  });
});
