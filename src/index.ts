/** The programmatic interface: everything pure that an audit is made of. */
export { CHECKS as checks } from './checks/index.ts';
export { exitCodeOf } from './core/exit-code.ts';
export { buildReport } from './core/report.ts';
export { runChecks } from './core/run.ts';
export type * from './model/check.ts';
export type * from './model/facts.ts';
export type * from './model/finding.ts';
export type * from './model/mount.ts';
export type * from './model/report.ts';
export { explainMarkdown } from './report/explain.ts';
export { schemaDocuments } from './schema/documents.ts';
