import type { BackupHandling } from '../../model/facts.ts';
import { type AbsolutePath, absolutePath, isInside } from '../../model/path.ts';
import { TEST_FILE } from '../../session/evaluate/callers.ts';
import { createEvaluator, type Evaluator } from '../../session/evaluate/evaluator.ts';
import { packageKey } from '../../session/evaluate/packages.ts';
import { evaluateExpression } from '../../session/evaluate/run.ts';
import type { Value } from '../../session/evaluate/value.ts';
import type { SourceModule } from '../../session/source/module.ts';
import { bare, type CallNode, isFunction, keyName, type Node } from '../../session/source/syntax.ts';
import type { SourceTree } from '../../session/source/tree.ts';
import { backupOf } from '../backup.ts';
import type { SessionTarget } from '../effect.ts';

/** Texts without which a source file copies no directory. */
const NEEDLES = [
  'fs.cp',
  'cpSync(',
  '.copy(',
  'copySync(',
  'archiver',
  'addLocalFolder',
  "'tar'",
  '"tar"',
  'tar ',
  'zip-',
];
/** Calls that copy a tree, and which argument says what: an index, or `list`: the second one names several. */
const COPIES: ReadonlyMap<string, number | 'list'> = new Map<string, number | 'list'>([
  ['fs.cp()', 0],
  ['fs.cpSync()', 0],
  ['fs.promises.cp()', 0],
  ['fs/promises.cp()', 0],
  ['fs-extra.copy()', 0],
  ['fs-extra.copySync()', 0],
  ['fs-extra.cp()', 0],
  ['fs-extra.cpSync()', 0],
  ['archiver().directory()', 0],
  ['new adm-zip().addLocalFolder()', 0],
  ['new adm-zip().addLocalFolderAsync()', 0],
  ['new adm-zip().addLocalFolderPromise()', 0],
  ['zip-a-folder.zip()', 0],
  ['zip-folder()', 0],
  ['tar.c()', 'list'],
  ['tar.create()', 'list'],
]);
const SHELL = /^child_process\.(?:exec|execSync)\(\)$/;
/** What runs a function by the clock. */
const TIMERS = /^(?:setInterval|schedule|scheduleJob|cron|CronJob|every|addCronJob)$/;
const DECORATORS = /@(?:Cron|Interval)\s*\(/;
/** A file that copies and holds none of these makes no backup. */
const OCCASION = /backup|setInterval|schedule|cron|archiv|snapshot|respald|copia|dump|salva/i;
const BACKUP_WORDS = /backup|back-up|\bbak\b|snapshot|archiv|respald|copia|dump|salva/i;
const FILE_LIMIT = 300;
const SIZE_LIMIT = 1024 * 1024;

/** Functions around a node, the innermost first. */
function functionsAround(module: SourceModule, node: Node): Node[] {
  const found: Node[] = [];
  for (let at = module.functionAround(node); at !== null; at = module.functionAround(at)) found.push(at);
  return found;
}

function calleeName(node: CallNode): string {
  const callee = bare(node.callee);
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' ? (keyName(callee.property, callee.computed) ?? '') : '';
}

/** The name under which a function is known in its module. */
function nameOf(module: SourceModule, fn: Node): string | null {
  const parent = module.parent(fn);
  if (fn.type === 'FunctionDeclaration' && fn.id !== null) return fn.id.name;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  return parent?.type === 'MethodDefinition' || parent?.type === 'Property'
    ? keyName(parent.key, parent.computed)
    : null;
}

/** Does the clock run one of these functions: handed to a timer, named in one, or called from what is handed to one? */
function isTimed(module: SourceModule, functions: readonly Node[]): boolean {
  const names = new Set(functions.flatMap((fn) => nameOf(module, fn) ?? []));
  if (functions.some((fn) => DECORATORS.test(module.text(module.parent(fn) ?? fn, 200)))) return true;
  return module.calls.some((call) => {
    if (!TIMERS.test(calleeName(call))) return false;
    return call.arguments.some((argument) => {
      if (functions.includes(argument)) return true;
      if (argument.type === 'Identifier') return names.has(argument.name);
      if (argument.type === 'MemberExpression') return names.has(keyName(argument.property, argument.computed) ?? '');
      if (!isFunction(argument)) return false;
      return module.calls.some(
        (inner) => inner.start > argument.start && inner.end <= argument.end && names.has(calleeName(inner)),
      );
    });
  });
}

/** Does the same function close the client before the copy? */
function stopsBefore(module: SourceModule, functions: readonly Node[], node: Node): boolean {
  return module.calls.some(
    (call) =>
      call.start < node.start &&
      calleeName(call) === 'destroy' &&
      functions.some((fn) => call.start > fn.start && call.end <= fn.end),
  );
}

/** The paths that an argument may mean, absolute. */
function pathsOf(evaluator: Evaluator, value: Value, cwd: AbsolutePath, depth = 0): AbsolutePath[] {
  if (value.kind === 'array' && depth < 2)
    return value.items.flatMap((item) => pathsOf(evaluator, item(), cwd, depth + 1));
  const { value: text } = evaluateExpression(evaluator.expression(value), {
    env: {},
    envHidden: null,
    cwd,
    packageAt: cwd,
    home: null,
    tmpdir: absolutePath('/tmp'),
    arguments: null,
    compiled: null,
    prefer: 'default',
  });
  if (typeof text !== 'string' || text === '' || text.includes('<')) return [];
  return [absolutePath(text.startsWith('/') ? text : `${cwd}/${text}`)];
}

/** Jobs of the bot's own source that copy a session: `fs.cp`, archiver, tar, a shell command in `exec`. Nothing is executed. */
export function sourceBackups(
  tree: SourceTree,
  project: AbsolutePath,
  targets: readonly SessionTarget[],
): BackupHandling[] {
  const found: BackupHandling[] = [];
  const evaluator = createEvaluator(tree);
  for (const file of tree.filesHolding(NEEDLES).slice(0, FILE_LIMIT)) {
    if (TEST_FILE.test(file)) continue;
    const text = tree.reader.text(absolutePath(`${tree.root}/${file}`), SIZE_LIMIT);
    if (!text.ok || !OCCASION.test(text.value)) continue;
    const module = tree.load(file);
    if (module === null) continue;
    const directory = tree.packageOf(file);
    const cwd = absolutePath(`${project}/${directory}`);
    for (const node of module.calls) {
      evaluator.begin();
      const value = evaluator.value(module, node);
      if (value.kind !== 'package') continue;
      const key = packageKey(value).replace('global:process.mainModule.', '');
      const given = evaluator.args(module, node, new Map());
      const functions = functionsAround(module, node);
      const { line } = module.position(node.start);
      const name = functions.flatMap((fn) => nameOf(module, fn) ?? [])[0] ?? file;
      const timed = isTimed(module, functions);
      const stopsBot = stopsBefore(module, functions, node);
      const [first] = given.args;
      if (SHELL.test(key)) {
        const command = first === undefined ? null : evaluator.expression(first());
        if (command?.kind !== 'literal' || typeof command.value !== 'string') continue;
        const backup = backupOf(
          {
            file,
            line,
            name,
            command: command.value,
            automatic: timed ? 'schedule' : 'manual',
            language: 'shell',
            directory,
            machine: 'lasting',
          },
          project,
          targets,
        );
        if (backup !== null) found.push({ ...backup, stopsBot: backup.stopsBot === true || stopsBot });
        continue;
      }
      const which = COPIES.get(key);
      const argument = which === undefined ? undefined : given.args[which === 'list' ? 1 : which];
      if (argument === undefined || !(timed || BACKUP_WORDS.test(`${name} ${file} ${module.text(node, 300)}`)))
        continue;
      const base =
        which === 'list' && first !== undefined ? pathsOf(evaluator, evaluator.get(first(), 'cwd'), cwd) : [];
      const paths = pathsOf(evaluator, argument(), base[0] ?? cwd);
      const sessions = targets.map(({ name: session, path }) => ({
        path: session,
        copied: paths.some((source) => isInside(path, source) || isInside(source, path)),
      }));
      if (!sessions.some(({ copied }) => copied)) continue;
      const tool = key.replace(/^new |\(\)$/g, '');
      found.push({ file, line, name, command: module.text(node, 200), tool, automatic: timed, stopsBot, sessions });
    }
  }
  return found;
}
