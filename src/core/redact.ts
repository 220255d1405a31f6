/**
 * Replaces secrets at the exits of the program: phone numbers, keys, tokens, credentials in addresses, values of variables that look
 * secret. Equal values get equal tokens (`‹phone#1›`), so that a replay still joins. Pure; one Redactor serves one run.
 */

/** Names of variables whose values are secret (`API_KEY`, `DB_PASSWORD`); `KEYBOARD` and `PUBLIC_KEY_ID`-like names may be caught too. */
/** The working directory in two spellings: no password. */
const HARMLESS_NAME = /^(OLD)?PWD$|^(SSH_AUTH_SOCK|XDG_.*|.*_PUBLIC_KEY)$/;
const SECRET_NAME =
  /(secret|token|passw(or)?d|passphrase|pwd|api_?key|apikey|private_?key|access_?key|credential|auth_?key|_key$|^key$|_dsn$|cookie|webhook|salt|mongo_?ur[il]|database_?url|redis_?url|connection_?string)/i;

const PHONE_MIN = 9;
const PHONE_MAX = 15;

const PATTERNS: readonly { readonly kind: string; readonly pattern: RegExp; readonly group: number }[] = [
  // user:password@ in an address; only the password goes.
  { kind: 'password', pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>]{0,256}:([^\s/@"'<>]{1,256})@/gi, group: 1 },
  {
    kind: 'token',
    pattern:
      /\b(gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,64}|sk-[A-Za-z0-9_-]{16,200}|xox[abprs]-[A-Za-z0-9-]{10,200}|AKIA[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{30,64}|EAA[A-Za-z0-9]{30,255})\b/g,
    group: 1,
  },
  { kind: 'token', pattern: /\b(eyJ[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,1024})/g, group: 1 },
  { kind: 'token', pattern: /\bBearer\s+([A-Za-z0-9._~+/=-]{12,4096})/gi, group: 1 },
  {
    kind: 'key',
    pattern: /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,10000}?-----END [A-Z ]{0,30}PRIVATE KEY-----)/g,
    group: 1,
  },
  // NAME=value and "name": "value" in script text and command lines.
  {
    kind: 'secret',
    pattern:
      /\b[A-Za-z0-9_]{0,40}(?:secret|token|passw(?:or)?d|api_?key|private_?key|access_?key)[A-Za-z0-9_]{0,20}["']?\s{0,3}[=:]\s{0,3}["']?([^\s"'&;|,)}]{4,512})/gi,
    group: 1,
  },
  // wa:1234567890@c.us, +49 170 1234567, session-491701234567.
  { kind: 'phone', pattern: /(?<![\w.])(\+\d{1,3}(?:[ .\-/]?\(?\d{1,5}\)?){2,6})(?!\w)/g, group: 1 },
  // A full stop behind it ends a sentence; a digit behind that makes it a fraction.
  { kind: 'phone', pattern: /(?<![\dA-Fa-f.])(\d{9,15})(?!\w|\.\d)/g, group: 1 },
];

export interface Redactor {
  /** Learn the value of a variable; it is replaced everywhere when its name looks secret. */
  learn(name: string, value: string): void;
  text(text: string): string;
  /** A copy of a JSON-like value with every string redacted, keys included, except the values under `keep`. */
  value<T>(value: T): T;
  /**
   * The text with `‹phone›` for every phone number and so on: without numbers, so that it is the same in every run, and the same for
   * text that was redacted before. Not counted. For fingerprints.
   */
  mask(text: string): string;
  /** How many places were replaced so far. */
  readonly count: number;
}

/** Is this the name of a variable whose value nobody should see? */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
}

/** Digits that are no phone number: device and inode numbers, times and sizes are numbers in JSON, not strings; hashes hold letters. */
function plausiblePhone(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return digits.length >= PHONE_MIN && digits.length <= PHONE_MAX && !/^(\d)\1+$/.test(digits) && !/^0{3}/.test(digits);
}

/** What is remembered to hold nothing: a few hundred kilobytes at most. */
const CLEAN_LENGTH = 200;
const CLEAN_TEXTS = 5000;

export function createRedactor(): Redactor {
  const tokens = new Map<string, string>();
  const perKind = new Map<string, number>();
  const secrets: string[] = [];
  let count = 0;

  const tokenFor = (kind: string, value: string): string => {
    const key = kind === 'phone' ? `phone:${value.replace(/\D/g, '')}` : value;
    let token = tokens.get(key);
    if (token === undefined) {
      const next = (perKind.get(kind) ?? 0) + 1;
      perKind.set(kind, next);
      token = `‹${kind}#${next}›`;
      tokens.set(key, token);
    }
    count += 1;
    return token;
  };

  const replaceAll = (input: string, token: (kind: string, value: string) => string): string => {
    let output = input;
    for (const secret of secrets) {
      if (output.includes(secret)) output = output.split(secret).join(token('secret', secret));
    }
    for (const { kind, pattern } of PATTERNS) {
      output = output.replace(pattern, (whole: string, found: string) => {
        if (found.includes('‹') || (kind === 'phone' && !plausiblePhone(found))) return whole;
        if (kind === 'secret' && /^(process\.env|\$|true$|false$|null$|undefined$)/.test(found)) return whole;
        return whole.replace(found, () => token(kind, found));
      });
    }
    return output;
  };

  /** Short texts in which nothing was found: names and reasons come again hundreds of times in one report. */
  const clean = new Set<string>();
  const text = (input: string): string => {
    if (clean.has(input)) return input;
    const output = replaceAll(input, tokenFor);
    if (output === input && input.length <= CLEAN_LENGTH && clean.size < CLEAN_TEXTS) clean.add(input);
    return output;
  };

  const value = (input: unknown): unknown => {
    if (typeof input === 'string') return text(input);
    if (Array.isArray(input)) return input.map(value);
    if (input !== null && typeof input === 'object') {
      const copy: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(input)) {
        const secret = typeof item === 'string' && item !== '' && isSecretName(key) && /^[A-Z0-9_]+$/.test(key);
        Object.defineProperty(copy, text(key), {
          value: secret ? tokenFor('secret', item) : value(item),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      return copy;
    }
    return input;
  };

  return {
    learn(name, secret) {
      // Shorter values (`1`, `dev`) would blot out ordinary text.
      if (secret.length >= 6 && isSecretName(name) && !secrets.includes(secret)) {
        secrets.push(secret);
        clean.clear();
        secrets.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
      }
    },
    text,
    value: <T>(input: T) => value(input) as T,
    mask: (input) => replaceAll(input, (kind) => `‹${kind}›`).replace(/‹(\w{1,20})#\d{1,9}›/g, '‹$1›'),
    get count() {
      return count;
    },
  };
}
