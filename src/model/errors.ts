/** Wrong use: one clear line on standard error, exit 2. The message is for people and has no final full stop. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
