import { pagesOf } from '../../core/accounts/pages';
import { Remarks } from '../../core/lib/remarks';
import { BASE, page, row, rows, sourceOf } from './pageSource';
import { PATH, readAll } from './readPages';

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
