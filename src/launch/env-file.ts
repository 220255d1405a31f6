/** Environment files: the `.env` of compose, docker, systemd and node. */

/** Variables that a file sets, or the reason why it could not be used. */
export type EnvFile =
  | { readonly ok: true; readonly values: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: string };

/** Kernels refuse an environment of this size for one process (MAX_ARG_STRLEN is 128 KiB for each string). */
const LIMIT = 512 * 1024;

function unusable(text: string): string | null {
  if (text.includes('\0')) return 'it holds NUL bytes and is not an environment file';
  if (text.length > LIMIT) return 'it is larger than any environment can be';
  return null;
}

/** A file in dotenv's syntax: quotes, `export`, comments, several lines in quotes. */
export async function parseDotenv(text: string): Promise<EnvFile> {
  const reason = unusable(text);
  if (reason !== null) return { ok: false, reason };
  const { parse } = await import('dotenv');
  return { ok: true, values: new Map(Object.entries(parse(text))) };
}

/** A file as `docker run --env-file` reads it: `NAME=value` to the end of the line, no quotes, `#` only at the start. */
export function parseDockerEnvFile(text: string): EnvFile {
  const reason = unusable(text);
  if (reason !== null) return { ok: false, reason };
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const from = line.trimStart();
    const equals = from.indexOf('=');
    if (from.startsWith('#') || equals <= 0) continue;
    values.set(from.slice(0, equals), from.slice(equals + 1));
  }
  return { ok: true, values };
}
