/** TOML with limits. */
import { type Fields, fields } from '../yaml.ts';

const SIZE_LIMIT = 256 * 1024;

export async function parseToml(text: string): Promise<{ ok: true; value: Fields } | { ok: false; reason: string }> {
  if (text.length > SIZE_LIMIT)
    return { ok: false, reason: `it is larger than ${SIZE_LIMIT / 1024} KiB and was not read` };
  const { parse } = await import('smol-toml');
  try {
    return { ok: true, value: fields(parse(text, { maxDepth: 60 })) ?? {} };
  } catch (error) {
    return {
      ok: false,
      reason: `it is not valid TOML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
    };
  }
}
