import { type AbsolutePath, baseName } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';

/** What RemoteAuth left beside a profile. */
export interface Leftover {
  readonly path: AbsolutePath;
  readonly kind: 'zip' | 'temporary';
  readonly state: 'ok' | 'damaged' | 'incomplete' | 'unknown';
  readonly text: string;
}

/** The end record is 22 bytes and a comment of at most 65,535 (APPNOTE.TXT 4.3.16). */
const TAIL = 22 + 65_535;
const END_RECORD = 0x06054b50;
const CENTRAL_RECORD = 0x02014b50;
/** A zipped profile has a few hundred entries of about 120 bytes. */
const DIRECTORY_LIMIT = 8 * 1024 * 1024;
/** RemoteAuth saves these two and nothing else of the profile (`requiredDirs`, whatsapp-web.js 1.34.7). */
const REQUIRED = ['IndexedDB', 'Local Storage'] as const;

/** Is this zip whole, and does it hold both halves of a login? Only its directory of names is read. */
function judgeZip(reader: Reader, path: AbsolutePath): Leftover {
  const say = (state: Leftover['state'], text: string): Leftover => ({ path, kind: 'zip', state, text });
  const file = reader.open(path);
  if (!file.ok) return say('unknown', file.failure.reason);
  try {
    const { size } = file.value;
    const tail = Buffer.from(file.value.read(Math.max(0, size - TAIL), Math.min(size, TAIL)));
    let at = tail.length - 22;
    while (at >= 0 && tail.readUInt32LE(at) !== END_RECORD) at--;
    if (at < 0) return say('damaged', 'it has no end record: the upload or the copy was cut off');
    const length = tail.readUInt32LE(at + 12);
    const start = tail.readUInt32LE(at + 16);
    if (start === 0xffffffff || length === 0xffffffff) return say('unknown', 'it is in the format for more than 4 GiB');
    if (length > DIRECTORY_LIMIT) return say('unknown', `its directory holds ${length} bytes, more than the limit`);
    if (start + length > size) return say('damaged', 'its directory lies behind the end of the file');
    const names = namesIn(Buffer.from(file.value.read(start, length)));
    if (names === null) return say('damaged', 'its directory is not readable');
    const missing = REQUIRED.filter((part) => !names.some((name) => `/${name}`.includes(`/${part}/`)));
    return missing.length === 0
      ? say('ok', 'it holds both halves of a login')
      : say('incomplete', `it holds no ${missing.join(' and no ')}: restored, it shows a QR code`);
  } catch {
    return say('unknown', 'it could not be read');
  } finally {
    file.value.close();
  }
}

function namesIn(directory: Buffer): string[] | null {
  const names: string[] = [];
  for (let at = 0; at + 46 <= directory.length; ) {
    if (directory.readUInt32LE(at) !== CENTRAL_RECORD) return null;
    const name = directory.readUInt16LE(at + 28);
    names.push(directory.toString('utf8', at + 46, at + 46 + name).replaceAll('\\', '/'));
    at += 46 + name + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return names;
}

/** Judge what {@link discoverProfiles} found beside the profiles. */
export function judgeLeftovers(reader: Reader, paths: readonly AbsolutePath[]): Leftover[] {
  return paths.map((path) =>
    baseName(path).endsWith('.zip')
      ? judgeZip(reader, path)
      : {
          path,
          kind: 'temporary' as const,
          state: 'incomplete' as const,
          text: 'RemoteAuth makes it while it saves and removes it afterwards: a save was cut off',
        },
  );
}
