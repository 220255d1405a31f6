/**
 * Replaces secrets at the exits of the program: phone numbers, keys, tokens, credentials in addresses, values of variables that look
 * secret. Equal values get equal tokens (`‹phone#1›`), so that a replay still joins. Pure; one Redactor serves one run.
 */

/** Names of variables whose values are secret (`API_KEY`, `DB_PASSWORD`); `KEYBOARD` and `PUBLIC_KEY_ID`-like names may be caught too. */
const SECRET_NAME =
  /(secret|token|passw(or)?d|passphrase|passcode|pwd|(^|_)pass($|_)|(^|_)pin($|_)|api_?key|apikey|private_?key|access_?key|account_?key|master_?key|encryption|credential|(^|_)creds?($|_)|auth_?key|_key$|^key$|_dsn$|^dsn$|cookie|webhook|salt|mnemonic|(^|_)seed($|_)|signature|(^|_)otp($|_)|mongo_?ur[il]|mongodb_?ur[il]|database_?url|redis_?url|amqp_?url|connection_?string)/i;
/** The working directory in two spellings, the agent's socket, desktop directories: no secrets. */
const HARMLESS_NAME = /^(OLD)?PWD$|^(SSH_AUTH_SOCK|XDG_.*|.*_PUBLIC_KEY)$/;

const PHONE_MIN = 9;
const PHONE_MAX = 15;

interface Pattern {
  readonly kind: string;
  /** Group 1 is the secret; the rest stays. */
  readonly pattern: RegExp;
  /** Is this match one? */
  readonly is?: (found: string, text: string, at: number) => boolean;
}

/** Digits that are no phone number: sizes and times are numbers in JSON, not strings. */
function plausiblePhone(found: string): boolean {
  const digits = found.replace(/\D/g, '');
  return digits.length >= PHONE_MIN && digits.length <= PHONE_MAX && !/^(\d)\1+$/.test(digits) && !/^0{3}/.test(digits);
}

const UUID_BEGINNING = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}$/i;

/** A run of digits that is no part of a hash (a hexadecimal word with letters strewn in), a UUID or a decimal fraction. */
function standsAlone(found: string, text: string, at: number): boolean {
  if (!plausiblePhone(found)) return false;
  const before = /[0-9A-Za-z]{0,80}$/.exec(text.slice(Math.max(0, at - 80), at))?.[0] ?? '';
  const after = /^[0-9A-Za-z]{0,80}/.exec(text.slice(at + found.length, at + found.length + 80))?.[0] ?? '';
  const word = before + found + after;
  const letters = (word.match(/[a-f]/gi) ?? []).length;
  if (/^[0-9a-f]+$/i.test(word) && (letters >= 4 || (letters > 0 && word.length >= 16))) return false;
  return !UUID_BEGINNING.test(text.slice(Math.max(0, at - 24), at));
}

/** Letters of both cases and digits, thrown together: what keys look like and names do not. */
function looksRandom(found: string): boolean {
  return /[a-z]/.test(found) && /[A-Z]/.test(found) && (found.match(/\d/g) ?? []).length >= 3;
}

/** A reference to a variable, a word of a language, a secret that is replaced already. */
const NO_VALUE =
  /^(?:process\.env\b|\$\w+$|\$\{|\$\(|%\w+%$|<[^>]*>?$|(?:true|false|null|undefined|string|required)$|‹\w{1,20}(?:#\d{1,9})?›$)/;

const isValue = (found: string): boolean => !NO_VALUE.test(found);

const PATTERNS: readonly Pattern[] = [
  {
    kind: 'key',
    // The end may be cut off.
    pattern:
      /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S]){0,20000}(?:-----END [A-Z ]{0,40}-----)?)/g,
  },
  // user:password@ in an address (one slash: it was taken for a path); only the password goes. The user goes where it stands alone and is long: a token.
  {
    kind: 'password',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/{1,3}[^\s/:@"'<>]{0,256}:([^\s/"'<>]{1,256})@/gi,
    is: isValue,
  },
  { kind: 'token', pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/{1,3}([^\s/:@"'<>‹]{16,256})@/gi },
  {
    kind: 'token',
    pattern:
      /\b(gh[opusr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|gl(?:pat|ptt|dt|rt)-[A-Za-z0-9_.-]{16,64}|(?:sk|pk|rk)[_-][A-Za-z0-9_-]{16,200}|xox[abeoprs]-[A-Za-z0-9-]{10,200}|xapp-[A-Za-z0-9-]{10,200}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,400}|GOCSPX-[A-Za-z0-9_-]{20,64}|npm_[A-Za-z0-9]{30,64}|pypi-[A-Za-z0-9_-]{30,255}|hf_[A-Za-z0-9]{20,64}|dop_v1_[a-f0-9]{40,80}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,64}|EAA[A-Za-z0-9]{30,255}|\d{8,10}:[A-Za-z0-9_-]{35})(?![A-Za-z0-9])/g,
  },
  { kind: 'token', pattern: /\b(eyJ[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]{8,4096}(?:\.[A-Za-z0-9_-]{0,1024})?)/g },
  { kind: 'token', pattern: /\b(?:Bearer|Basic|Token)\s+["']?([A-Za-z0-9._~+/=-]{12,4096})/gi },
  // hooks.slack.com/services/T…/B…/…, discord.com/api/webhooks/ID/…
  { kind: 'token', pattern: /\bhooks\.[a-z.]{3,40}\/(?:services|workflows|triggers)\/([A-Za-z0-9/_-]{12,200})/gi },
  { kind: 'token', pattern: /\/api\/webhooks\/(\d{5,25}\/[A-Za-z0-9_-]{12,200})/gi },
  // NAME=value, "name": "value", --name value, ?name=value in script text and command lines.
  {
    kind: 'secret',
    pattern:
      /(?<![A-Za-z0-9])[A-Za-z0-9_-]{0,40}(?:secret|token|passw(?:or)?d|passphrase|api[_-]?key|private[_-]?key|access[_-]?key|account[_-]?key|credential|cookie)[A-Za-z0-9_-]{0,20}["'`]?\s{0,3}[=:]\s{0,3}["'`]?([^\s"'`&;|,)}]{4,512})/gi,
    is: isValue,
  },
  {
    kind: 'secret',
    pattern:
      /(?<![A-Za-z0-9])(?:[A-Za-z0-9]{1,40}_)?(?:PASS|PIN|PWD|KEY|SALT|SEED|OTP|CREDS?)["']?\s{0,3}[=:]\s{0,3}["']?([^\s"'&;|,)}]{4,512})/g,
    is: isValue,
  },
  {
    kind: 'secret',
    pattern:
      /(?:^|\s)--?[A-Za-z0-9-]{0,40}(?:secret|token|passw(?:or)?d|pass|passphrase|api-?key|private-?key|access-?key|auth-key)["']?\s{1,3}["']?([^\s"'&;|,)}-][^\s"'&;|,)}]{3,511})/gi,
    is: isValue,
  },
  {
    kind: 'password',
    pattern: /(?:^|\s)(?:-u|--user|--proxy-user)[\s=]\s{0,3}["']?[^\s:"']{1,128}:([^\s"']{1,256})/g,
    is: isValue,
  },
  {
    kind: 'secret',
    pattern: /[?&](?:key|auth|sig|signature|pass|pwd|code|session|sas)=([^\s&"'#]{6,1024})/gi,
    is: isValue,
  },
  { kind: 'token', pattern: /(?<![A-Za-z0-9+=])([A-Za-z0-9+]{32,4096}={0,2})(?![A-Za-z0-9+])/g, is: looksRandom },
  // WhatsApp groups: 120363012345678901@g.us.
  { kind: 'phone', pattern: /(?<!\d)(\d{16,20})(?=@(?:g|c|s|lid)\b)/g },
  // wa:1234567890@c.us, +49 170 1234567, 0170/1234567, (555) 123-4567, session-491701234567.
  { kind: 'phone', pattern: /(?<![\w.])(\+\d{1,3}(?:[ .\-/]?\(?\d{1,5}\)?){2,6})(?!\w)/g, is: plausiblePhone },
  {
    kind: 'phone',
    pattern: /(?<![\w.+-])(\(?0\d{2,5}\)?[ /-]\d{3,5}(?:[ -]?\d{2,5}){0,3})(?![\w.-])/g,
    is: plausiblePhone,
  },
  { kind: 'phone', pattern: /(?<![\w.+-])(\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4})(?![\w.-])/g, is: plausiblePhone },
  { kind: 'phone', pattern: /(?<!\d)(?<!\d\.)(\d{9,15})(?!\d|\.\d)/g, is: standsAlone },
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

/** A hash of our own: digits in it are no phone number, and a baseline must find it again. */
function isFingerprint(key: string, item: unknown): boolean {
  return key === 'fingerprint' && typeof item === 'string' && /^[0-9a-f]{16}$/.test(item);
}

const TOKEN = /^‹\w{1,20}(?:#\d{1,9})?›$/;

/** The value of a variable with an innocent name that is a key all the same. */
function randomValue(value: string): boolean {
  return value.length >= 20 && /^[A-Za-z0-9+=_.-]+$/.test(value) && looksRandom(value) && !/[a-z]{7}/.test(value);
}

/** Fewer characters of a secret that was cut off tell nothing. */
const CUT_MIN = 6;

/** Secrets of which a shortened text (`…`) shows the beginning only. */
function cutSecrets(text: string, secrets: readonly string[], token: (kind: string, value: string) => string): string {
  const parts = text.split('…');
  return parts
    .map((part, index) => {
      if (index === parts.length - 1) return part;
      for (const secret of secrets) {
        for (let length = Math.min(secret.length - 1, part.length); length >= CUT_MIN; length--)
          if (part.endsWith(secret.slice(0, length))) return part.slice(0, -length) + token('secret', secret);
      }
      return part;
    })
    .join('…');
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
    if (secrets.length > 0 && output.includes('…')) output = cutSecrets(output, secrets, token);
    for (const { kind, pattern, is } of PATTERNS) {
      output = output.replace(pattern, (...match) => {
        const [whole, found] = match as [string, string];
        const offset = match.find((part): part is number => typeof part === 'number') ?? 0;
        const text = match.at(-1) as string;
        const within = whole.lastIndexOf(found);
        if (is !== undefined && !is(found, text, offset + within)) return whole;
        return whole.slice(0, within) + token(kind, found) + whole.slice(within + found.length);
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

  const value = (input: unknown, inEnv = false): unknown => {
    if (typeof input === 'string') return text(input);
    if (Array.isArray(input)) return input.map((item) => value(item));
    if (input !== null && typeof input === 'object') {
      const copy: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(input)) {
        const secret =
          typeof item === 'string' &&
          item !== '' &&
          !TOKEN.test(item) &&
          isSecretName(key) &&
          (inEnv || /^[A-Z0-9_]+$/.test(key));
        Object.defineProperty(copy, text(key), {
          value: secret ? tokenFor('secret', item) : isFingerprint(key, item) ? item : value(item, key === 'env'),
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
      if (secret.length < 6 || TOKEN.test(secret) || !(isSecretName(name) || randomValue(secret))) return;
      // As it stands in a quoted string, too.
      const quoted = JSON.stringify(secret).slice(1, -1);
      for (const form of new Set([secret, quoted])) {
        if (secrets.includes(form)) continue;
        secrets.push(form);
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
