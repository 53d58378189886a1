import type { ESLint } from 'eslint';

/** A kind of findings of n8n's scanner. */
export interface Kind {
  readonly rule: string;
  /** The global variable or module that the rule forbids; empty if it does not forbid a name. */
  readonly name: string;
  /** Whose code it is about: `this package`, or the name of a library. */
  readonly origin: string;
}

/** What n8n's scanner found of one kind. */
export interface Finding extends Kind {
  /** The message of the first one. */
  readonly message: string;
  /** File and line of each one, and the source from which the bundle has it. */
  readonly places: string[];
}

/** See findings.mjs. */
export const OWN: string;

/** Groups the results of ESLint. See findings.mjs. */
export function findingsOf(results: ESLint.LintResult[], root: string): Finding[];

/** Identifies a kind of findings. See findings.mjs. */
export function keyOf(kind: Kind): string;
