import { inspect } from 'node:util';
import fc from 'fast-check';
import { catalogue } from '../../core/errors/catalogue';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { writeMeasure } from '../reliability/counts';
import { casesOf, isLong, seed, type PropertyMeasure } from './form';
import type { SecretPieces } from './secretPieces';

/** Maximum milliseconds of CPU without a turn of the event loop. While they are used, n8n does nothing else. */
const MAXIMUM_BLOCK = 1000;

/** The counts of the cases of a kind. The names are those of the columns in docs/reliability.md. */
const counts = { cases: 0, crashes: 0, hangs: 0, lost: 0, leaks: 0 };

/** A way in which a case can fail. */
type Breach = Exclude<keyof typeof counts, 'cases'>;

/** Fails the present case, and counts it. @param input is shown in part */
export function breach(kind: Breach, reason: string, input: unknown): never {
  counts[kind]++;
  const text = Buffer.isBuffer(input) ? input.toString('latin1') : String(input);
  throw new Error(`${reason}\nThe input: ${JSON.stringify(text.slice(0, 3000))}`);
}

/** The result of a case that did not throw, or its error. */
export type Outcome<Result> =
  | { readonly result: Result; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: OpenBankingError };

/**
 * Runs one case: it returns, or throws an error of the catalogue, and does not block the event loop for a second. No error and no shown
 * text contains a piece of a secret.
 *
 * @param shown the texts of a result that n8n shows, logs or stores
 */
export async function runCase<Result>(
  input: unknown,
  secrets: SecretPieces,
  act: () => Result | Promise<Result>,
  shown: (result: Result) => unknown,
): Promise<Outcome<Result>> {
  counts.cases++;
  const outcome = await outcomeOf(input, act);
  const { error } = outcome;
  const everything = error ? everythingOf(error) : everythingOf(shown(outcome.result));
  const piece = secrets.findIn(everything);
  if (piece) breach('leaks', `"${piece}" is a piece of a secret, in: ${everything}`, input);
  return outcome;
}

/** Acts, and once more if that took long: the first case of a file also loads and compiles what it uses. */
async function outcomeOf<Result>(
  input: unknown,
  act: () => Result | Promise<Result>,
): Promise<Outcome<Result>> {
  const { outcome, longest } = await measured(input, act);
  if (longest <= MAXIMUM_BLOCK) return outcome;
  const again = await measured(input, act);
  if (again.longest > MAXIMUM_BLOCK) {
    const block = Math.round(again.longest);
    breach('hangs', `It blocked the event loop for ${block} ms of CPU`, input);
  }
  return outcome;
}

async function measured<Result>(
  input: unknown,
  act: () => Result | Promise<Result>,
): Promise<{ outcome: Outcome<Result>; longest: number }> {
  const endOfBlock = measureBlocks();
  try {
    return { outcome: { result: await act() }, longest: endOfBlock() };
  } catch (error) {
    const longest = endOfBlock();
    if (!(error instanceof OpenBankingError) || !Object.hasOwn(catalogue, error.code)) {
      breach('crashes', `It is no error of the catalogue: ${inspect(error)}`, input);
    }
    return { outcome: { error }, longest };
  }
}

/**
 * Measures CPU and not time, because other processes may slow this one down.
 *
 * @returns a function that ends the measurement, and returns the most milliseconds of CPU between two turns of the event loop
 */
function measureBlocks(): () => number {
  let last = process.cpuUsage();
  let longest = 0;
  const look = () => {
    const { user, system } = process.cpuUsage(last);
    longest = Math.max(longest, (user + system) / 1000);
    last = process.cpuUsage();
  };
  const timer = setInterval(look, 20);
  return () => {
    clearInterval(timer);
    look();
    return longest;
  };
}

/** All text of a value, without the stack of errors, which is long and holds nothing but the message and the lines of the code. */
function everythingOf(value: unknown): string {
  if (value instanceof OpenBankingError) {
    return [value.message, value.description, JSON.stringify({ ...value })].join('\n');
  }
  if (Array.isArray(value)) return value.map(everythingOf).join('\n');
  return inspect(value, { depth: 9, maxStringLength: null }) + JSON.stringify(value);
}

/** A part of the cases of a kind. */
export interface Part<Input> {
  readonly title: string;
  /** Its share of the cases of the kind. */
  readonly share: number;
  readonly input: fc.Arbitrary<Input>;
  /** Cases that one input contains; 1 if not given. */
  readonly casesAtOnce?: number;
  readonly holds: (input: Input) => Promise<void>;
}

/** Declares the test of a part. */
export function itHolds<Input>({ title, share, input, casesAtOnce = 1, holds }: Part<Input>): void {
  const cases = casesOf(share);
  const numRuns = Math.ceil(cases / casesAtOnce);
  it(
    `${title} (${cases} cases)`,
    () => fc.assert(fc.asyncProperty(input, holds), { numRuns, seed }),
    30 * 60_000,
  );
}

/** Writes the counts of the cases of a kind after the tests of a file, in the long form. */
export function reportCounts(kind: PropertyMeasure): void {
  afterAll(() => {
    if (!isLong) return;
    const failures = Object.entries(counts).filter(([name, count]) => name !== 'cases' && count);
    writeMeasure(`properties.${kind}`, {
      rows: [{ kind, ...counts }],
      failures: failures.map(([name, count]) => `${name}: ${count}`),
    });
  });
}
