import { pullOfAllAccounts, pullTransactions } from '../../core/accounts/pull';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import type { apiErrors } from '../../core/errors/rows/apiErrors';
import { Remarks } from '../../core/lib/remarks';
import { Slots } from '../../core/lib/slots';
import type { Provocations } from '../errors/provocation';
import { BASE, page, rows, sourceOf, type Given } from './pageSource';

const PATH = '/accounts/A-1/transactions';

const requestTo = (answers: Record<string, Given>) => ({
  api: sourceOf(answers),
  origin: {},
  simplify: true,
  remarks: new Remarks(),
});

/** The failure of transactions whose pages are answered like this. */
const failing = (answers: Record<string, Given>) => async () => {
  const paths = Object.entries(answers).map(([query, given]) => [PATH + query, given] as const);
  const request = requestTo(Object.fromEntries(paths));
  return (await pullTransactions(request, 'A-1', { status: 'all' })).failure!;
};

const endless = Object.fromEntries(
  Array.from({ length: 20 }, (_, at) => [
    at === 0 ? '' : `?c=${at}`,
    page(rows('T1'), `?c=${at + 1}`),
  ]),
);

const withoutId = async () => {
  const request = requestTo({ '/accounts': { Data: { Account: [{ Currency: 'GBP' }] } } });
  const pull = () => Promise.resolve({ rows: [] });
  const [pulled] = await pullOfAllAccounts(request, pull, { slots: new Slots(1), continues: true });
  return pulled!.failure!;
};

const refused = new OpenBankingError('api-refused', { message: 'Page token expired', status: 400 });

/** Causes of the failures of pages. */
export const pagesProvocations: Pick<
  Provocations<typeof apiErrors>,
  'next-page-elsewhere' | 'pages-endless' | 'page-expired' | 'data-missing'
> = {
  'next-page-elsewhere': failing({ '': page(rows('T1'), `${BASE}/accounts?page=2`) }),
  'pages-endless': {
    'a page leads back to an earlier one': failing({
      '': page(rows('T1'), '?p=1'),
      '?p=1': page(rows('T2'), '?p=2'),
      '?p=2': page(rows('T3'), '?p=1'),
    }),
    'links change for ever, and rows repeat': failing(endless),
  },
  'page-expired': failing({ '': page(rows('T1'), '?p=2'), '?p=2': refused }),
  'data-missing': {
    'a web page': failing({ '': '<html><title>Sign in</title></html>' }),
    'JSON without Data': failing({ '': { message: 'OK' } }),
    'data of another resource': failing({ '': { Data: { Account: [{}] } } }),
    'JSON that is cut off': failing({ '': '{"Data":{"Trans' }),
    'an account without an ID': withoutId,
    'a row that is nested deep': failing({
      '': page([{ X: JSON.parse('['.repeat(200) + ']'.repeat(200)) as unknown }]),
    }),
  },
};
