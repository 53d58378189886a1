import type { Finding, Kind } from './findings.mjs';

/** A row of accepted.json: findings that are accepted for one reason. */
export interface Row {
  /** Whose code they are about: `this package`, or the name of a library. */
  readonly in: string;
  /** The names that each rule forbids. The list is empty if the rule does not forbid names. */
  readonly findings: Readonly<Partial<Record<string, readonly string[]>>>;
  readonly reason: string;
}

/** What differs between findings and table. */
export interface Verdict {
  /** Findings that are not in the table. */
  readonly refused: readonly Finding[];
  /** Kinds in the table that were not found. */
  readonly gone: readonly Kind[];
}

/** Compares findings with the table. See verdict.mjs. */
export function judge(findings: readonly Finding[], accepted: readonly Row[]): Verdict;

/** The kinds of findings that a row accepts. See verdict.mjs. */
export function kindsOf(row: Row): Kind[];

/** The lines that tell a verdict. See verdict.mjs. */
export function reportOf(verdict: Verdict): string[];
