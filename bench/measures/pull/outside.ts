import type { BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { BenchFailure } from '../../failure';
import type { Effort } from '../../options';
import { shuffled } from '../../report/shuffle';
import { distribution, ratios, type Distribution } from '../../report/statistics';
import { startReader, type ReadOrder, type Reader } from './reader';

/** Transactions on a page of the bank. */
const ROWS = 50;

/** Pages in a turn that is compared with the limit. */
const LIMIT_PAGES = 100;

/** Reads of {@link LIMIT_PAGES} before the measured turns, because V8 compiles code only after many runs. */
const WARM_UP = 5;

/** Pages of a small and of a large account: 1,000 and 100,000 transactions. */
const SMALL_PAGES = 20;
const LARGE_PAGES = 2000;

/** Reads of the small account in a turn; the median of them counts. */
const SMALL_READS = 15;

/** Results of pulls without n8n. */
export interface OutsideResult {
  /** Microseconds for each page with this package. */
  packageMicroseconds: Distribution;
  /** The same with a bare program. */
  bareMicroseconds: Distribution;
  /** Microseconds for each transaction in the simplified form, by the number of transactions. */
  scale: { transactions: number; microseconds: Distribution }[];
  ratios: Record<string, Distribution>;
}

/** Measures pulls without n8n: this package and a bare program in turn, and this package with few and many transactions. */
export async function measureOutside(
  bank: BenchBank,
  files: BenchFiles,
  { pullLimitRounds, pullScaleRounds }: Effort,
): Promise<OutsideResult> {
  const accounts = [LIMIT_PAGES, SMALL_PAGES, LARGE_PAGES].map(accountOf);
  await bank.prepare(accounts.map((account) => ({ base: bank.url, account })));
  const readers = {
    package: await startReader('package', bank, files),
    bare: await startReader('bare', bank, files),
  };
  try {
    const compared = await compare(readers, pullLimitRounds);
    const scaled = await scale(readers.package, pullScaleRounds);
    return { ...compared, ...scaled, ratios: { ...compared.ratios, ...scaled.ratios } };
  } finally {
    await Promise.all(Object.values(readers).map((reader) => reader.stop()));
  }
}

function accountOf(pages: number): string {
  return `${pages}-b`;
}

/** Median milliseconds of reads. @throws BenchFailure if transactions are missing */
async function median(
  reader: Reader,
  pages: number,
  { times, simplify }: Omit<ReadOrder, 'account'>,
): Promise<number> {
  const { milliseconds, count } = await reader.read({ account: accountOf(pages), times, simplify });
  if (count !== pages * ROWS) {
    throw new BenchFailure(`${count} of ${pages * ROWS} transactions were read.`);
  }
  return distribution(milliseconds).median;
}

async function compare(readers: Record<'package' | 'bare', Reader>, rounds: number) {
  const names = ['package', 'bare'] as const;
  const times: Record<'package' | 'bare', number[]> = { package: [], bare: [] };
  for (const name of names) {
    await median(readers[name], LIMIT_PAGES, { times: WARM_UP, simplify: false });
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffled(names)) {
      times[name].push(await median(readers[name], LIMIT_PAGES, { times: 1, simplify: false }));
    }
  }
  const perPage = (name: 'package' | 'bare') =>
    distribution(times[name].map((milliseconds) => (milliseconds * 1000) / LIMIT_PAGES));
  return {
    packageMicroseconds: perPage('package'),
    bareMicroseconds: perPage('bare'),
    ratios: { pull_of_limit: distribution(ratios(times.bare, times.package)) },
  };
}

async function scale(reader: Reader, rounds: number) {
  const small: number[] = [];
  const large: number[] = [];
  const perTransaction = async (pages: number, times: number) =>
    ((await median(reader, pages, { times, simplify: true })) * 1000) / (pages * ROWS);
  await perTransaction(SMALL_PAGES, SMALL_READS);
  for (let round = 0; round < rounds; round++) {
    small.push(await perTransaction(SMALL_PAGES, SMALL_READS));
    large.push(await perTransaction(LARGE_PAGES, 1));
  }
  return {
    scale: [
      { transactions: SMALL_PAGES * ROWS, microseconds: distribution(small) },
      { transactions: LARGE_PAGES * ROWS, microseconds: distribution(large) },
    ],
    ratios: { pull_scale: distribution(ratios(large, small)) },
  };
}
