import type { LifecycleFact } from '../model/facts.ts';
import { createEvaluator } from '../session/evaluate/evaluator.ts';
import type { SourceModule } from '../session/source/module.ts';
import type { SourceTree } from '../session/source/tree.ts';
import { findDestroyIssues, findInitializes, findRecreates } from './destroy-issues.ts';
import { EXIT_LIBRARY_NAMES } from './exit-libraries.ts';
import { GUARD } from './guard.ts';
import { findSignalHandlers } from './handlers.ts';
import { findPreflight } from './preflight.ts';

/** Tests, examples and build scripts do not run in the bot's process. */
const ASIDE =
  /(^|\/)(tests?|__tests__|spec|examples?|docs?|scripts?|tools?|migrations?|seeds?|public|static|e2e)(\/|$)|\.(test|spec|d)\.[cm]?[jt]sx?$/i;

const TEXTS = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  '.destroy',
  '.logout',
  '.initialize',
  'existsSync',
  'pathExists',
  'accessSync',
  'statSync',
  'readdir',
  'access(',
  'assertPersistentSession',
  'pupBrowser',
  GUARD,
  ...EXIT_LIBRARY_NAMES,
];

/** The packages that hold the bot: files of another package in the same tree run in another process. */
function inBotPackages(tree: SourceTree, botPackages: readonly string[]): (file: string) => boolean {
  if (botPackages.length === 0) return () => true;
  return (file) => botPackages.includes(tree.packageOf(file));
}

/**
 * How the bot's source ends its client: signal handlers, calls of destroy(), looks at the session before it starts.
 * Only files that hold a telling word are parsed. Versions are filled in by the caller.
 */
export function findLifecycle(
  tree: SourceTree,
  botPackages: readonly string[],
): Omit<LifecycleFact, 'puppeteer' | 'library' | 'direct'> {
  const belongs = inBotPackages(tree, botPackages);
  const modules = tree
    .filesHolding(TEXTS)
    .filter((file) => belongs(file) && !ASIDE.test(file))
    .map((file) => tree.load(file))
    .filter((module): module is SourceModule => module !== null);
  const evaluator = createEvaluator(tree);
  const preflight = findPreflight(modules);
  const handlers = findSignalHandlers(evaluator, modules);
  return {
    signals: handlers.map(({ kind, exits, ...handler }) => ({
      ...handler,
      destroysClient: kind === 'none' || kind === 'no-exit' ? 'no' : kind,
      exits,
    })),
    destroyIssues: [
      ...findDestroyIssues(evaluator, modules),
      ...handlers
        .filter(({ kind, by }) => kind === 'no' && by === 'process.on')
        .map(({ file, line, column, signal }) => ({
          file,
          line,
          column,
          kind: 'exit-without-destroy' as const,
          detail: `the ${signal} handler ends the process without client.destroy()`,
        })),
    ],
    recreates: findRecreates(evaluator, modules),
    preflight: { answer: preflight.length > 0, places: preflight },
    initialize: findInitializes(evaluator, modules),
  };
}
