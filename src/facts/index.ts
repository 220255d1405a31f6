import type { FactDefinition } from './graph.ts';

/** Every fact, each in its file. */
export const FACTS: readonly FactDefinition[] = [];
