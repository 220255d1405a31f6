import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import type { Reader } from '../../model/reader.ts';

const IGNORE_FILE_LIMIT = 256 * 1024;

/**
 * Which directories version control ignores, by the `.gitignore` at the root (git itself is never run). Ignored files are not
 * skipped: a configuration that holds secrets is often ignored and still decides the path.
 */
export async function directoryIgnores(reader: Reader, root: AbsolutePath): Promise<(directory: string) => boolean> {
  const read = reader.text(absolutePath(`${root}/.gitignore`), IGNORE_FILE_LIMIT);
  if (!read.ok || read.value.trim() === '') return () => false;
  try {
    const { default: ignore } = await import('ignore');
    const rules = ignore().add(read.value);
    return (directory) => {
      try {
        return rules.ignores(`${directory}/`);
      } catch {
        return false;
      }
    };
  } catch {
    return () => false;
  }
}
