import { closeSync, constants, openSync, readSync } from 'node:fs';

/** O_NOFOLLOW: a link is no source file. O_NONBLOCK: a FIFO that took the file's place after it was listed must not hold the doctor. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Read in one call; larger files are handed over cut off. */
export interface Piece {
  /** Valid until the next file is read. */
  readonly bytes: Uint8Array;
  readonly whole: boolean;
}

/**
 * Reads many small files with one buffer: three system calls a file. Only for names that a listing has just called regular files.
 * The errno code where a file cannot be read.
 */
export function createScanner(limit: number): (path: string) => Piece | string {
  const buffer = Buffer.allocUnsafeSlow(limit + 1);
  return (path) => {
    let fd: number;
    try {
      fd = openSync(path, FLAGS);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'EIO';
    }
    try {
      let filled = 0;
      while (filled < buffer.length) {
        const count = readSync(fd, buffer, filled, buffer.length - filled, filled);
        filled += count;
        // A short read of a regular file is its end; what is asked for is one byte more than is kept.
        if (count === 0 || filled < buffer.length) break;
      }
      return { bytes: buffer.subarray(0, Math.min(filled, limit)), whole: filled <= limit };
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'EIO';
    } finally {
      closeSync(fd);
    }
  };
}
