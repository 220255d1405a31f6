import type { Automatic } from '../../model/wiper.ts';
import type { Language } from '../shell/analyse.ts';

/** One command line (or script text) that something other than package.json runs. */
export interface FoundCommand {
  readonly file: string;
  readonly line: number;
  /** `deploy / Clean up`: job and step, target, service. */
  readonly name: string;
  readonly command: string;
  readonly automatic: Automatic;
  readonly language: Language;
  /** Directory relative to the project in which it runs. */
  readonly directory: string;
  /**
   * Where it runs: on a machine that keeps its files between runs (a self-hosted runner, a server, a developer's machine), or on
   * one that is new every time, where no session can be lost.
   */
  readonly machine: 'lasting' | 'fresh' | 'unknown';
  /** The text as a person would recognise it, where `command` is a model of it. */
  readonly shown?: string;
  /** Why it deletes what it deletes, where the command alone does not say. */
  readonly note?: string;
}
