import type { SourceModule } from '../../session/source/module.ts';
import type { Value } from './value.ts';

/** One variable. */
export interface Variable {
  value: Value;
  /** How many doubtful branches were open when it was made. */
  readonly level: number;
  /** An import: read where it is made. */
  readonly read?: () => Value;
}

/** What belongs to one call of a function (or one module). */
export interface Frame {
  readonly self: Value;
  readonly args: readonly Value[];
  readonly module: Unit;
  readonly home: import('./value.ts').Obj | null;
  /** Values that doubtful `return`s may give. */
  readonly returns: Value[];
}

/** A module under execution. */
export interface Unit {
  /** Absolute path, or a name in angle brackets. */
  readonly path: string;
  /** As it is called in evidence. */
  readonly name: string;
  readonly source: SourceModule;
  readonly exports: Map<string, () => Value>;
  readonly common: import('./value.ts').Obj;
  state: 'new' | 'running' | 'done';
  scope: Scope | null;
}

export class Scope {
  readonly variables = new Map<string, Variable>();
  readonly parent: Scope | null;
  readonly frame: Frame;
  readonly isFunction: boolean;
  constructor(parent: Scope | null, frame: Frame, isFunction: boolean) {
    this.parent = parent;
    this.frame = frame;
    this.isFunction = isFunction;
  }

  find(name: string): Variable | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const variable = scope.variables.get(name);
      if (variable !== undefined) return variable;
    }
    return null;
  }

  functionScope(): Scope {
    let scope: Scope = this;
    while (!scope.isFunction && scope.parent !== null) scope = scope.parent;
    return scope;
  }
}
