import type { ClientOptions } from '../model/auth-site.ts';
import type { Expression } from '../model/expression.ts';
import type { Evaluator } from './evaluate/evaluator.ts';
import type { Value } from './evaluate/value.ts';

/**
 * Options of the Client (whatsapp-web.js 1.34.7, README of its constructor) beside the browser's own that decide whether its page
 * opens on a session: which page, as whom, past which obstacles.
 */
const NAMES = [
  'webVersion',
  'webVersionCache.type',
  'webVersionCache.path',
  'webVersionCache.remotePath',
  'webVersionCache.strict',
  'userAgent',
  'bypassCSP',
  'deviceName',
  'browserName',
  'proxyAuthentication.username',
  'proxyAuthentication.password',
  'puppeteer.acceptInsecureCerts',
  'puppeteer.ignoreHTTPSErrors',
  'puppeteer.channel',
  'puppeteer.ignoreDefaultArgs',
] as const;

/** A password that stands in the source is not taken along: facts are shown. One from the environment is only a name here. */
const SECRET: ReadonlySet<string> = new Set(['proxyAuthentication.username', 'proxyAuthentication.password']);

/** Those of the options that a client is given; `undefined`: none. */
export function clientOptions(evaluator: Evaluator, options: Value): ClientOptions | undefined {
  const found: Record<string, Expression> = {};
  for (const name of NAMES) {
    let value = options;
    for (const part of name.split('.')) value = evaluator.get(value, part);
    const expression = evaluator.expression(value);
    if (expression.kind === 'undefined' || (SECRET.has(name) && expression.kind !== 'env')) continue;
    if (expression.kind === 'unknown' || expression.kind === 'dynamic') continue;
    found[name] = expression;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}
