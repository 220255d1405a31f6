/**
 * A value of the bot's source as far as it can be known without running anything. Serialisable; evaluated once per launch, because
 * the working directory and the environment differ between launches.
 */
export type Expression = ExpressionForm & ExpressionPlace;

/** Where the expression stands in the source, `src/config.js:5`; `null` or absent where that says nothing. */
interface ExpressionPlace {
  readonly at?: string;
}

type ExpressionForm =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'undefined' }
  /** `process.env.NAME`; undefined when unset. */
  | { readonly kind: 'env'; readonly name: string }
  /** `process.cwd()`, and what `path.resolve` starts from. */
  | { readonly kind: 'cwd' }
  /** The directory (`__dirname`) or path (`__filename`) of a source file, relative to the package root. */
  | { readonly kind: 'dirname' | 'filename'; readonly file: string }
  | { readonly kind: 'homedir' | 'tmpdir' }
  | { readonly kind: 'concat' | 'join' | 'resolve'; readonly parts: readonly Expression[] }
  /** `path.dirname`, `path.normalize`, `fileURLToPath`, `String`, `trim`, … : one operand, named. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'or' | 'nullish' | 'and'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly kind: 'equal' | 'not-equal'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  /** Differs at every start: uuid, time, random, pid, hostname. */
  | { readonly kind: 'unstable'; readonly cause: string; readonly text: string }
  /** Known only at run time, and stable as far as can be seen: a function parameter, a database row. */
  | { readonly kind: 'dynamic'; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string; readonly reason: string };
