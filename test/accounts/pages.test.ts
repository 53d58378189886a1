import { pagesOf } from '../../core/accounts/pages';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Remarks } from '../../core/lib/remarks';
import { BASE, page, row, rows, sourceOf, type Given } from './pageSource';

const PATH = '/accounts/A-1/transactions';

/** Reads all pages. */
async function readAll(answers: Record<string, Given | Given[]>, query?: string) {
  const source = sourceOf(
    Object.fromEntries(Object.entries(answers).map(([key, given]) => [PATH + key, given])),
  );
  const remarks = new Remarks();
  const read: Record<string, unknown>[] = [];
  let failure: OpenBankingError | undefined;
  try {
    const asked = { path: PATH, query, member: 'Transaction' } as const;
    for await (const { rows } of pagesOf(source, asked, remarks)) read.push(...rows);
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    failure = error;
  }
  const ids = read.map(({ TransactionId }) => TransactionId);
  return { rows: read, ids, failure, remarks: remarks.texts, asked: source.asked };
}

const refusal = (status: number, code = 'api-refused') =>
  new OpenBankingError(code as 'server-error', { message: 'page token expired', status });

describe('the next page', () => {
  it('is asked with the query of the link, at the address of the first page', async () => {
    const other = 'https://api.brand-a.example/grp/aa/open-banking/v4.0/aisp';
    const { ids, remarks, asked } = await readAll({
      '': page(rows('T1'), `${other}${PATH}?page=2`),
      '?page=2': page(rows('T2'), `${other}${PATH}?page=3`),
      '?page=3': page(rows('T3')),
    });
    expect(ids).toEqual(['T1', 'T2', 'T3']);
    expect(remarks).toEqual([expect.stringContaining(other)]);
    expect(asked).toHaveLength(3);
  });

  it('is the cause of one warning, also if each link names another host', async () => {
    const { remarks } = await readAll({
      '': page(rows('T1'), `https://node1.example${PATH}?page=2`),
      '?page=2': page(rows('T2'), `https://node2.example${PATH}?page=3`),
      '?page=3': page(rows('T3')),
    });
    expect(remarks).toEqual([expect.stringContaining('node1')]);
  });

  it('of another resource is an error that names both and the interaction ID. The rows before it stay', async () => {
    const { ids, failure } = await readAll({ '': page(rows('T1'), `${BASE}/accounts?offset=50`) });
    expect(ids).toEqual(['T1']);
    expect(failure).toMatchObject({
      code: 'next-page-elsewhere',
      stage: 'api',
      message: expect.stringContaining(`${BASE}/accounts?offset=50`),
      description: expect.stringContaining('interaction-1'),
    });
  });

  it.each([[null], [''], [undefined], ['  ']])('does not exist if the link is %j', async (link) => {
    const { ids, remarks } = await readAll({ '': page(rows('T1'), link) });
    expect(ids).toEqual(['T1']);
    expect(remarks).toEqual([]);
  });

  it('does not exist if the link is a million blanks, which is found soon', async () => {
    const start = performance.now();
    expect(await readAll({ '': page(rows('T1'), '\t'.repeat(1_000_000)) })).toMatchObject({
      ids: ['T1'],
      failure: undefined,
    });
    const { failure } = await readAll({ '': page(rows('T1'), `${' '.repeat(1_000_000)}x`) });
    expect(failure).toMatchObject({ code: 'next-page-elsewhere' });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('does not exist if the link is the text "null", which is a warning', async () => {
    const { ids, remarks } = await readAll({ '': page(rows('T1'), 'null') });
    expect(ids).toEqual(['T1']);
    expect(remarks).toEqual([expect.stringContaining('"null"')]);
  });
});

describe('the end', () => {
  it('is neither an empty page in the middle nor an empty last page, but a missing link or status 204', async () => {
    const { ids, failure, remarks } = await readAll({
      '': page(rows('T1'), '?p=2'),
      '?p=2': page([], '?p=3'),
      '?p=3': page(rows('T2'), '?p=4'),
      '?p=4': 204,
    });
    expect({ ids, failure, remarks }).toEqual({
      ids: ['T1', 'T2'],
      failure: undefined,
      remarks: [],
    });
  });

  it('is the first page with a warning if that has status 204', async () => {
    const { ids, failure, remarks } = await readAll({ '': 204 });
    expect({ ids, failure }).toEqual({ ids: [], failure: undefined });
    expect(remarks).toEqual([expect.stringContaining('204')]);
  });

  it.each([
    [1, []],
    [2, []],
    ['2', []],
    [0, []],
    ['many', []],
    [5, ['The bank announced 5 pages, and gave 2. Rows may be missing.']],
  ])('is compared with TotalPages %j', async (TotalPages, expected) => {
    const { ids, remarks } = await readAll({
      '': page(rows('T1'), '?p=2', { TotalPages }),
      '?p=2': page(rows('T2'), undefined, { TotalPages }),
    });
    expect(ids).toEqual(['T1', 'T2']);
    expect(remarks).toEqual(expected);
  });

  it('comes with a warning if more pages were announced than the first one', async () => {
    const { remarks } = await readAll({ '': page(rows('T1'), undefined, { TotalPages: 2 }) });
    expect(remarks).toEqual(['The bank announced 2 pages, and gave 1. Rows may be missing.']);
  });
});

describe('pages that repeat', () => {
  it('end if the last page names itself, after one more request', async () => {
    const { ids, failure, remarks, asked } = await readAll({
      '': page(rows('T1', 'T2'), '?c=x'),
      '?c=x': page(rows('T3'), `${BASE}${PATH}?c=x`),
    });
    expect(ids).toEqual(['T1', 'T2', 'T3']);
    expect(failure).toBeUndefined();
    expect(remarks).toEqual([expect.stringContaining('names itself')]);
    expect(asked).toHaveLength(3);
  });

  it('end in the same way if the first page names itself, and if rows have no ID', async () => {
    const list = [row({ TransactionId: undefined }), row({ TransactionId: undefined })];
    const { rows: read, remarks } = await readAll({ '?a=1': page(list, '?a=1') }, 'a=1');
    expect(read).toHaveLength(2);
    expect(remarks).toEqual([expect.stringContaining('names itself')]);
  });

  it('end if the page that names itself is empty', async () => {
    const { ids, asked } = await readAll({
      '': page(rows('T1'), '?c=x'),
      '?c=x': page([], '?c=x'),
    });
    expect(ids).toEqual(['T1']);
    expect(asked).toHaveLength(3);
  });

  it('are read on under the same link as long as they bring new rows', async () => {
    const { ids, failure } = await readAll({
      '': page(rows('T1'), '?session=1'),
      '?session=1': [
        page(rows('T2'), '?session=1'),
        page(rows('T3'), '?session=1'),
        page(rows('T4')),
      ],
    });
    expect(ids).toEqual(['T1', 'T2', 'T3', 'T4']);
    expect(failure).toBeUndefined();
  });

  it('are an error if a page leads back to an earlier one', async () => {
    const { ids, failure, asked } = await readAll(
      {
        '?p=1': page(rows('T1'), '?p=2'),
        '?p=2': page(rows('T2'), '?p=1'),
      },
      'p=1',
    );
    expect(ids).toEqual(['T1', 'T2']);
    expect(failure).toMatchObject({
      code: 'pages-endless',
      message: expect.stringContaining(PATH),
    });
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it.each([
    ['with IDs', rows('T1', 'T2')],
    ['without IDs', [row({ TransactionId: undefined })]],
  ])('under links that change for ever are an error: rows %s', async (_, list) => {
    const endless = {
      asked: 0,
      get: () => {
        endless.asked++;
        const body = Buffer.from(JSON.stringify(page(list, `?c=${endless.asked}`)));
        const url = `${BASE}${PATH}`;
        return Promise.resolve({ status: 200, headers: {}, body, url, interactionId: 'i' });
      },
    };
    const read: unknown[] = [];
    const readEndless = async () => {
      const asked = { path: PATH, member: 'Transaction' } as const;
      for await (const { rows } of pagesOf(endless, asked, new Remarks())) read.push(...rows);
    };
    await expect(readEndless()).rejects.toMatchObject({ code: 'pages-endless' });
    expect(read).toEqual(expect.arrayContaining(list));
    expect(endless.asked).toBeLessThan(30);
  });

  it('without rows under links that change for ever are an error', async () => {
    let asked = 0;
    const endless = {
      get: () => {
        const body = Buffer.from(JSON.stringify(page([], `?c=${++asked}`)));
        return Promise.resolve({
          ...{ status: 200, headers: {}, body, url: BASE + PATH, interactionId: 'i' },
        });
      },
    };
    const pages = pagesOf(endless, { path: PATH, member: 'Transaction' }, new Remarks());
    await expect(pages.next()).rejects.toMatchObject({ code: 'pages-endless' });
  });
});

describe('rows of pages that shift', () => {
  it('come once', async () => {
    const { ids, remarks } = await readAll({
      '': page(rows('T4', 'T3'), '?offset=2'),
      '?offset=2': page(rows('T3', 'T2'), '?offset=4'),
      '?offset=4': page(rows('T1')),
    });
    expect(ids).toEqual(['T4', 'T3', 'T2', 'T1']);
    expect(remarks).toEqual([expect.stringMatching(/^In 1 row, the bank repeated a row/)]);
  });

  it('stay two if one page has both, or if they differ', async () => {
    const none = row({ TransactionId: undefined });
    const { rows: read, remarks } = await readAll({
      '': page([none, none, row(), row({ Amount: { Amount: '0.50', Currency: 'GBP' } })], '?p=2'),
      '?p=2': page([row({ TransactionInformation: 'OTHER' })]),
    });
    expect(read).toHaveLength(5);
    expect(remarks).toEqual([]);
  });

  it('come once also if a row differs from another one with its ID', async () => {
    const other = row({ TransactionInformation: 'OTHER' });
    const { rows: read } = await readAll({
      '': page([row(), other], '?p=2'),
      '?p=2': page([other, row(), row({ TransactionId: 'T2' })]),
    });
    expect(read).toHaveLength(3);
  });

  it('stay two without an ID, because they may be equal payments, and come once with a balance', async () => {
    const none = row({ TransactionId: undefined });
    const first = await readAll({ '': page([none], '?p=2'), '?p=2': page([none]) });
    expect(first.rows).toHaveLength(2);
    expect(first.remarks).toEqual([expect.stringContaining('equal payment')]);
    const balance = { ...none, Balance: { Amount: { Amount: '87.50', Currency: 'GBP' } } };
    const second = await readAll({ '': page([balance], '?p=2'), '?p=2': page([balance]) });
    expect(second.rows).toHaveLength(1);
  });

  it('come once if they are balances, which have no ID', async () => {
    const path = '/accounts/A-1/balances';
    const list = [{ Type: 'InterimBooked' }, { Type: 'InterimAvailable' }];
    const source = sourceOf({
      [path]: { Data: { Balance: list }, Links: { Next: '?p=2' } },
      [`${path}?p=2`]: { Data: { Balance: list } },
    });
    const read: unknown[] = [];
    for await (const page of pagesOf(source, { path, member: 'Balance' }, new Remarks()))
      read.push(...page.rows);
    expect(read).toEqual(list);
  });

  it.each(['NOTPROVIDED', '0', '-----------'])('stay two with the placeholder %s', async (id) => {
    const list = rows(id);
    const { ids } = await readAll({ '': page(list, '?p=2'), '?p=2': page(list) });
    expect(ids).toEqual([id, id]);
  });
});

describe('a link that the bank refuses', () => {
  it.each([400, 404, 410, 422])(
    'with status %i is followed again from the first page, once',
    async (status) => {
      const none = row({ TransactionId: undefined });
      const {
        rows: read,
        failure,
        remarks,
        asked,
      } = await readAll({
        '': [
          page([row(), none, none], '?c=2'),
          page([row({ TransactionId: 'T9' }), row(), none, none], '?c=3'),
        ],
        '?c=2': refusal(status),
        '?c=3': page([none, ...rows('T2')]),
      });
      expect(read.map(({ TransactionId }) => TransactionId)).toEqual([
        'T1',
        undefined,
        undefined,
        'T9',
        undefined,
        'T2',
      ]);
      expect(failure).toBeUndefined();
      expect(remarks).toEqual([expect.stringContaining('read again from its first page')]);
      expect(asked).toHaveLength(4);
    },
  );

  it('twice is an error that says which page, and how long after the page before it', async () => {
    const { ids, failure, asked } = await readAll({
      '': page(rows('T1'), '?c=2'),
      '?c=2': refusal(400),
    });
    expect(ids).toEqual(['T1']);
    expect(failure).toMatchObject({ code: 'page-expired', status: 400 });
    expect(failure!.message).toMatch(
      /age 2 of .*A-1\/transactions.* \d+\.\d .*page token expired/s,
    );
    expect(asked).toHaveLength(4);
  });

  it('for another reason is not followed again', async () => {
    const answers = { '': page(rows('T1'), '?c=2'), '?c=2': refusal(400, 'consent-not-accepted') };
    const { ids, failure, asked } = await readAll(answers);
    expect(ids).toEqual(['T1']);
    expect(failure).toMatchObject({ code: 'consent-not-accepted' });
    expect(asked).toHaveLength(2);
  });

  it.each([401, 403, 429, 500])('with status %i is not followed again', async (status) => {
    const { failure, asked } = await readAll({
      '': page(rows('T1'), '?c=2'),
      '?c=2': refusal(status),
    });
    expect(failure).toMatchObject({ status });
    expect(asked).toHaveLength(2);
  });

  it('is the failure itself on the first page', async () => {
    const { failure, asked } = await readAll({ '': refusal(400) });
    expect(failure).toMatchObject({ code: 'api-refused' });
    expect(asked).toHaveLength(1);
  });

  it('does not count the pages that come again as pages without an end', async () => {
    const answers: Record<string, Given | Given[]> = { '': page(rows('T0'), '?c=1') };
    for (let at = 1; at < 20; at++) answers[`?c=${at}`] = page(rows(`T${at}`), `?c=${at + 1}`);
    const { ids, failure } = await readAll({
      ...answers,
      '?c=20': [refusal(400), page(rows('T20'))],
    });
    expect(failure).toBeUndefined();
    expect(ids).toHaveLength(21);
  });
});
