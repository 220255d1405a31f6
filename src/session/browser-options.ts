import type { Answer } from '../model/answer.ts';
import type { BrowserOptions } from '../model/auth-site.ts';
import type { Expression } from '../model/expression.ts';
import type { Evaluator } from './evaluate/evaluator.ts';
import type { Value } from './evaluate/value.ts';

/** Nothing is set, as far as could be seen: no client was found for the strategy. */
export const NO_BROWSER_OPTIONS: BrowserOptions = {
  userDataDir: null,
  args: [],
  headless: null,
  pipe: null,
  executablePath: null,
  remote: null,
  handleSIGINT: null,
  handleSIGTERM: null,
  handleSIGHUP: null,
  incomplete: true,
};

function isSet(expr: Expression): boolean {
  return expr.kind !== 'undefined' && !(expr.kind === 'literal' && (expr.value === null || expr.value === ''));
}

function answerOf(expr: Expression): Answer | null {
  if (!isSet(expr)) return null;
  return expr.kind === 'literal' ? Boolean(expr.value) : 'unknown';
}

/** The texts of a list that can be seen; `whole`: nothing of it is hidden. */
function textsOf(evaluator: Evaluator, value: Value, depth = 0): { readonly texts: string[]; readonly whole: boolean } {
  if (value.kind === 'branch' && depth < 6) {
    const then = textsOf(evaluator, value.truthy(), depth + 1);
    const otherwise = textsOf(evaluator, value.falsy(), depth + 1);
    // What only one side has may or may not be there.
    const texts = then.texts.filter((text) => otherwise.texts.includes(text));
    return {
      texts,
      whole:
        then.whole && otherwise.whole && texts.length === then.texts.length && texts.length === otherwise.texts.length,
    };
  }
  if (value.kind === 'scalar') return { texts: [], whole: value.expr.kind === 'undefined' };
  if (value.kind !== 'array') return { texts: [], whole: false };
  const texts: string[] = [];
  let whole = value.open === null;
  for (const item of value.items) {
    const expr = evaluator.expression(item());
    if (expr.kind === 'literal' && typeof expr.value === 'string') texts.push(expr.value);
    else if (isSet(expr)) whole = false;
  }
  return { texts, whole };
}

/** Is a property named in the object, on any way? */
function written(value: Value, name: string, depth = 0): boolean {
  if (value.kind === 'branch')
    return depth < 6 && (written(value.truthy(), name, depth + 1) || written(value.falsy(), name, depth + 1));
  return value.kind === 'object' && value.props.has(name);
}

/** What a client's `puppeteer` option asks for. */
export function browserOptions(evaluator: Evaluator, puppeteer: Value): BrowserOptions {
  const read = (name: string): Expression => evaluator.expression(evaluator.get(puppeteer, name));
  const visible = (value: Value, depth = 0): boolean => {
    if (value.kind === 'branch')
      return depth < 6 && visible(value.truthy(), depth + 1) && visible(value.falsy(), depth + 1);
    if (value.kind === 'object') return value.open === null;
    return value.kind === 'scalar' && value.expr.kind === 'undefined';
  };
  if (puppeteer.kind === 'scalar' && puppeteer.expr.kind !== 'undefined') return NO_BROWSER_OPTIONS;
  const given = (name: string): Expression | null => {
    const expr = read(name);
    return isSet(expr) ? expr : null;
  };
  // A part that cannot be seen could hold an address; that is no sign of one.
  const remote = (name: string): Expression | null => (written(puppeteer, name) ? given(name) : null);
  const { texts, whole } = textsOf(evaluator, evaluator.get(puppeteer, 'args'));
  const headless = read('headless');
  return {
    userDataDir: given('userDataDir'),
    args: texts,
    headless: headless.kind === 'literal' ? String(headless.value) : isSet(headless) ? 'unknown' : null,
    pipe: answerOf(read('pipe')),
    executablePath: given('executablePath'),
    remote: remote('browserWSEndpoint') ?? remote('browserURL'),
    handleSIGINT: answerOf(read('handleSIGINT')),
    handleSIGTERM: answerOf(read('handleSIGTERM')),
    handleSIGHUP: answerOf(read('handleSIGHUP')),
    incomplete: !visible(puppeteer) || !whole,
  };
}
