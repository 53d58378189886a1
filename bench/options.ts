import { parseArgs } from 'node:util';
import { BenchFailure } from './failure';

/** The parts of the benchmark, in the order in which they run. */
export const parts = [
  'library',
  'layers',
  'startup',
  'credentials',
  'due',
  'poll',
  'n8n',
  'pull',
] as const;

/** A part of the benchmark. */
export type Part = (typeof parts)[number];

/** Numbers of items in one execution that are measured. */
export const SCALE = [10, 100, 1000, 10_000] as const;

/** A number of items that is measured. */
export type ScaleItems = (typeof SCALE)[number];

/** The numbers of rounds and executions of a run. */
export interface Effort {
  /** Rounds of the contenders without n8n. */
  libraryRounds: number;
  /** Rounds of the layers. */
  layerRounds: number;
  /** New processes for the start-up. */
  startupRounds: number;
  /** Rounds for numbers of credentials. */
  credentialRounds: number;
  /** Stored consents that are due at the same time. */
  dueConsents: number;
  /** Rounds for the stores that are compared with refreshes without a store. */
  dueRounds: number;
  /** New processes of n8n for each approach. */
  workflowRounds: number;
  /** Executions of 1,000 items in each of these processes. */
  workflowRuns: number;
  /** New processes of n8n for the numbers of items. */
  scaleRounds: number;
  /** Executions of 100 items in each of these processes, before the measured ones. */
  scaleWarmUp: number;
  /** Executions in a round, by number of items. Short executions are repeated more often, for a precise figure. */
  scaleRuns: Record<ScaleItems, number>;
  /** New processes of n8n for each way to pull transactions. */
  pullRounds: number;
  /** Pages that are pulled behind a network with a delay. */
  pullDistantPages: number;
  /** Rounds of pulls without n8n. */
  pullLimitRounds: number;
  /** Rounds of pulls of 1,000 and 100,000 transactions. */
  pullScaleRounds: number;
  /** Consents that are pulled in queue mode; none if 0. */
  pullConsents: number;
  /** Consents that are polled. */
  pollConsents: number;
}

/** The options of the command line. */
export interface BenchOptions {
  help: boolean;
  quick: boolean;
  effort: Effort;
  only?: Part;
}

/** The text of `--help`. */
export const usage = `Usage: npm run bench -- [options]

Compares this package with its alternatives and with the physical limit.

  --quick         fewer rounds, 40 consents for 1,000: all ratios in less than five minutes
  --only <part>   runs one part: ${parts.join(', ')}; writes no results
  --help          prints this text

A run without --quick writes bench/results.json, and the tables and the chart of docs/performance.md.
n8n and the Node.js that it needs (3 GB) are stored in .demo/, or in the folder OPEN_BANKING_DEMO_DIRECTORY.`;

const full: Effort = {
  libraryRounds: 41,
  layerRounds: 41,
  startupRounds: 15,
  credentialRounds: 7,
  dueConsents: 1000,
  dueRounds: 3,
  workflowRounds: 5,
  workflowRuns: 2,
  scaleRounds: 3,
  scaleWarmUp: 10,
  scaleRuns: { 10: 20, 100: 10, 1000: 2, 10_000: 1 },
  pullRounds: 5,
  pullDistantPages: 200,
  pullLimitRounds: 41,
  pullScaleRounds: 5,
  pullConsents: 1000,
  pollConsents: 1000,
};

const quick: Effort = {
  libraryRounds: 3,
  layerRounds: 3,
  startupRounds: 5,
  credentialRounds: 1,
  dueConsents: 40,
  dueRounds: 1,
  workflowRounds: 1,
  workflowRuns: 1,
  scaleRounds: 1,
  scaleWarmUp: 3,
  scaleRuns: { 10: 4, 100: 3, 1000: 1, 10_000: 1 },
  pullRounds: 1,
  pullDistantPages: 40,
  pullLimitRounds: 5,
  pullScaleRounds: 1,
  pullConsents: 0,
  pollConsents: 40,
};

/** Reads the command line. @throws BenchFailure for an unknown option */
export function parseOptions(argv: string[]): BenchOptions {
  const values = parse(argv);
  const only = parts.find((part) => part === values.only);
  if (values.only !== undefined && !only) {
    throw new BenchFailure(`--only takes ${parts.join(', ')}, not "${values.only}".`);
  }
  return { help: values.help, quick: values.quick, effort: values.quick ? quick : full, only };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const [reason] = (error as Error).message.split('. ');
    throw new BenchFailure(`${reason}: see npm run bench -- --help.`);
  }
}
