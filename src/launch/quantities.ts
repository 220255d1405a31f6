/** Durations and sizes as engines write them. */

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  m: 60,
  min: 60,
  h: 3600,
  hr: 3600,
  d: 86_400,
};

/** `1m30s`, `90s`, `10` (seconds), `1min 30s` → seconds; `null` when it is not a duration. */
export function seconds(text: string | null): number | null {
  if (text === null) return null;
  const plain = text.trim();
  if (/^\d+(\.\d+)?$/.test(plain)) return Number(plain);
  let total = 0;
  let rest = plain;
  for (let parts = 0; rest !== ''; parts += 1) {
    const match = /^(\d{1,12}(?:\.\d{1,9})?)\s*(ns|us|µs|ms|sec|s|min|m|hr|h|d)\s*/.exec(rest);
    if (match === null || parts > 8) return null;
    total += Number(match[1]) * (SECONDS[match[2] ?? ''] ?? 0);
    rest = rest.slice(match[0].length);
  }
  return plain === '' ? null : total;
}

const FACTORS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const KUBERNETES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** `512m`, `2gb`, `64M` as Docker reads them → bytes. */
export function bytes(text: string | null): number | null {
  const match = /^(\d{1,15}(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text?.trim() ?? '');
  if (match === null) return null;
  return Math.round(Number(match[1]) * (FACTORS[(match[2] ?? '').toLowerCase()] ?? 1));
}

/** `512Mi`, `1G`, `1500000` as Kubernetes reads them → bytes. */
export function kubernetesBytes(text: string | null): number | null {
  const match = /^(\d{1,15}(?:\.\d+)?)(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(text?.trim() ?? '');
  return match === null ? null : Math.round(Number(match[1]) * (KUBERNETES[match[2] ?? ''] ?? 1));
}
