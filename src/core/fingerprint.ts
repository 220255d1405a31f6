const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/**
 * 16 hex digits that stay the same as long as the parts do (FNV-1a, 64 bit, over UTF-16 units). Not a cryptographic hash: it names a
 * finding in a baseline, nothing more.
 */
export function fingerprint(parts: readonly string[]): string {
  let hash = FNV_OFFSET;
  for (const part of parts) {
    for (let index = 0; index < part.length; index++) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(part.charCodeAt(index))) * FNV_PRIME);
    }
    // A separator that no part can hold, so that ['ab','c'] and ['a','bc'] differ.
    hash = BigInt.asUintN(64, (hash ^ 0xffffn) * FNV_PRIME);
  }
  return hash.toString(16).padStart(16, '0');
}
