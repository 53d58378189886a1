import { BASE, page, row, rows, type Given } from './pageSource';
import { PATH, readAll, refusal } from './readPages';

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
