import type { Evaluator } from '../session/evaluate/evaluator.ts';
import type { Value } from '../session/evaluate/value.ts';
import type { SourceModule } from '../session/source/module.ts';
import type { CallNode } from '../session/source/syntax.ts';
import { calledName, receiverOf } from './functions.ts';

/** Methods of whatsapp-web.js's Client that begin and end it. */
export type ClientMethod = 'destroy' | 'logout' | 'initialize';

const METHODS: ReadonlySet<string> = new Set(['destroy', 'logout', 'initialize']);

/** Names that people give to a client; used only where the value itself cannot be told (a parameter, an entry of a map). */
const CLIENT_NAME = /client|wbot|whats|\bwa\b|wa[A-Z_]|bot\b|session|instance|zap|wweb|connection/i;
/** Names of other things that have a destroy(). */
const OTHER_NAME =
  /socket|server|stream|req(uest)?\b|res(ponse)?\b|\bdb\b|pool|redis|mongo|image|player|queue|browser|\bpage\b|sequelize|knex|model|record|user|row|express|store|cookie|req\.session/i;

function isLibraryClient(value: Value, depth = 0): boolean | null {
  if (depth > 4) return null;
  switch (value.kind) {
    case 'package':
      return value.library ? true : value.name.startsWith('global:') ? null : false;
    case 'branch': {
      const sides = [isLibraryClient(value.truthy(), depth + 1), isLibraryClient(value.falsy(), depth + 1)];
      return sides.includes(true) ? true : sides.includes(null) ? null : false;
    }
    case 'array':
    case 'function':
      return false;
    default:
      // null and undefined stand at the start of most `let client` variables; instances may extend Client.
      return null;
  }
}

/** Which method of the bot's client does this call use, if it does? */
export function clientMethod(evaluator: Evaluator, module: SourceModule, call: CallNode): ClientMethod | null {
  const name = calledName(call);
  if (name === null || !METHODS.has(name)) return null;
  const receiver = receiverOf(call);
  if (receiver === null || receiver.type === 'Super') return null;
  evaluator.begin();
  const known = receiver.type === 'ThisExpression' ? null : isLibraryClient(evaluator.value(module, receiver));
  if (known === false) return null;
  const text = module.text(receiver, 200);
  if (known === null && (!CLIENT_NAME.test(text) || OTHER_NAME.test(text))) return null;
  return name as ClientMethod;
}
