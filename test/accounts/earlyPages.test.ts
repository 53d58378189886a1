import { EarlyPages } from '../../core/accounts/earlyPages';
import { nextPage } from '../../core/accounts/nextPage';
import type { PageAnswer } from '../../core/accounts/page';
import { failureOf } from '../support/failure';
import { OpenBankingError } from '../../core/errors/OpenBankingError';

const BASE = 'https://bank.example:8243/open-banking/v3.1/aisp';
const PATH = '/accounts/A-1/transactions';

/** A bank whose pages have these links, by their query. A link that is an error fails its page. */
function bankWith(links: Record<string, string | Error | undefined>) {
  const asked: string[] = [];
  const get = (path: string, query = ''): Promise<PageAnswer> => {
    asked.push(query);
    const next = links[query];
    if (next instanceof Error) return Promise.reject(next);
    const body = Buffer.from(
      JSON.stringify({ Data: { Transaction: [] }, Links: { Self: 'x', Next: next }, Meta: {} }),
    );
    const url = `${BASE}${path}${query && '?'}${query}`;
    return Promise.resolve({ status: 200, headers: {}, body, url, interactionId: 'i' });
  };
  return { asked, pages: new EarlyPages({ get }) };
}

const link = (query: string) => `${BASE}${PATH}?${query}`;

test('asks for each page once, before it is wanted', async () => {
  const { asked, pages } = bankWith({ '': link('page=2'), 'page=2': link('page=3') });
  await pages.get(PATH);
  expect(asked).toEqual(['', 'page=2']);
  await pages.get(PATH, 'page=2');
  expect(asked).toEqual(['', 'page=2', 'page=3']);
  await pages.get(PATH, 'page=3');
  expect(asked).toEqual(['', 'page=2', 'page=3']);
});

test.each([
  ['another host', `https://other.example${PATH}?page=2`],
  ['another resource', `${BASE}/accounts/A-2/transactions?page=2`],
  ['a longer path', `${BASE}${PATH}2?page=2`],
  ['no query', `${BASE}${PATH}`],
  ['a relative address', '?page=2'],
  ['a fragment', link('page=2#x')],
  ['a blank', link('page=a b')],
  ['a quotation mark', link('page="2"')],
  ['a letter outside of ASCII', link('page=é')],
  ['nothing', undefined],
])('leaves a link to the caller that has %s', async (_name, next) => {
  const { asked, pages } = bankWith({ '': next });
  await pages.get(PATH);
  expect(asked).toEqual(['']);
});

test('does not ask again for a page that names itself', async () => {
  const { asked, pages } = bankWith({ '': link('c=x'), 'c=x': link('c=x') });
  await pages.get(PATH);
  await pages.get(PATH, 'c=x');
  expect(asked).toEqual(['', 'c=x']);
});

test.each(['page=pg~Zm9+Yg==~&sig=a%2Bb%2F|x', "a='1'&b=(2)", 'x=%zz'])(
  'finds the same query as the reader of pages: %s',
  async (query) => {
    const { asked, pages } = bankWith({ '': link(query) });
    await pages.get(PATH);
    const url = `${BASE}${PATH}`;
    expect(asked[1]).toBe(nextPage(link(query), { url, path: PATH }).query);
  },
);

test('drops an early page if another one is wanted', async () => {
  const { asked, pages } = bankWith({ '': link('page=2') });
  await pages.get(PATH);
  expect((await pages.get(PATH, 'page=9')).url).toBe(link('page=9'));
  expect((await pages.get(PATH, 'page=2')).url).toBe(link('page=2'));
  expect(asked).toEqual(['', 'page=2', 'page=9', 'page=2']);
});

test('gives the failure of an early page to the caller that wants it', async () => {
  const failure = new OpenBankingError('cancelled', { values: { server: '"bank"' } });
  const { pages } = bankWith({ '': link('page=2'), 'page=2': failure });
  await pages.get(PATH);
  await new Promise(setImmediate);
  expect(await failureOf(pages.get(PATH, 'page=2'))).toBe(failure);
  const other = bankWith({ '': link('page=2'), 'page=2': failure });
  // Nobody wants it: the process goes on.
  await other.pages.get(PATH);
  await new Promise(setImmediate);
});
