import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Remarks } from '../../core/lib/remarks';
import { pagesOf, type AskedPages } from '../../core/accounts/pages';
import type { ApiAnswer } from '../../core/accounts/apiAnswer';
import { failureOf } from '../support/failure';

const BASE = 'https://bank.example:8243/open-banking/v3.1/aisp';
const PATH = '/accounts/A-1/transactions';
const ALL: AskedPages = { path: PATH, member: 'Transaction', areAllWanted: true };

/** A bank with pages of one row. A page has a link to the next one, or fails. */
function bankWith(links: Record<string, string | Error | undefined>) {
  const asked: string[] = [];
  const get = (path: string, query = ''): Promise<ApiAnswer> => {
    asked.push(query);
    const next = links[query];
    if (next instanceof Error) return Promise.reject(next);
    const body = {
      Data: { Transaction: [{ TransactionId: `T ${query}` }] },
      Links: { ...(next !== undefined && { Next: `${BASE}${PATH}?${next}` }) },
    };
    return Promise.resolve({
      status: 200,
      headers: {},
      body: Buffer.from(JSON.stringify(body)),
      url: `${BASE}${path}${query && '?'}${query}`,
      interactionId: 'i',
    });
  };
  return { asked, get };
}

/** The requests that were sent when each page was handed out. */
async function askedAtPages(bank: ReturnType<typeof bankWith>, asked: AskedPages) {
  const seen: string[][] = [];
  for await (const { rows } of pagesOf(bank, asked, new Remarks())) {
    expect(rows).toHaveLength(1);
    seen.push([...bank.asked]);
  }
  return seen;
}

test('the next page is asked for before a page is handed out, and each once', async () => {
  const bank = bankWith({ '': 'p=2', 'p=2': 'p=3' });
  const seen = await askedAtPages(bank, ALL);
  expect(seen).toEqual([
    ['', 'p=2'],
    ['', 'p=2', 'p=3'],
    ['', 'p=2', 'p=3'],
  ]);
});

test('it is not, if perhaps not all pages are wanted', async () => {
  const bank = bankWith({ '': 'p=2', 'p=2': 'p=3' });
  const seen = await askedAtPages(bank, { ...ALL, areAllWanted: false });
  expect(seen).toEqual([[''], ['', 'p=2'], ['', 'p=2', 'p=3']]);
});

test('a page that names itself is asked for once more, as without it', async () => {
  const bank = bankWith({ '': 'c=x', 'c=x': 'c=x' });
  for await (const page of pagesOf(bank, ALL, new Remarks())) void page;
  expect(bank.asked).toEqual(['', 'c=x', 'c=x']);
});

test('the failure of a page comes after the rows of the page before it', async () => {
  const failure = new OpenBankingError('cancelled', { values: { server: '"bank"' } });
  const bank = bankWith({ '': 'p=2', 'p=2': failure });
  const pages = pagesOf(bank, ALL, new Remarks());
  expect((await pages.next()).value).toMatchObject({ rows: [{ TransactionId: 'T ' }] });
  // Nobody waits for it yet, and the process goes on.
  await new Promise(setImmediate);
  expect(await failureOf(pages.next())).toBe(failure);
  expect(bank.asked).toEqual(['', 'p=2']);
});
