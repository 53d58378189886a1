import { pagesOf } from '../../core/accounts/pages';
import { ListSize } from '../../core/accounts/listSize';
import { readPage } from '../../core/accounts/page';
import { Remarks } from '../../core/lib/remarks';
import { BASE, answerOf, page, row } from './pageSource';

const PATH = '/accounts/A-1/transactions';

/** Reads a list that never ends, and whose rows are all new. @param size of each page */
async function readEndless(size: { rows: number; bytes?: number }) {
  let asked = 0;
  const source = {
    get: () => {
      const list = Array.from({ length: size.rows }, (_, at) => ({
        TransactionId: `${asked}-${at}`,
      }));
      const body = JSON.stringify(page(list, `?c=${++asked}`));
      return Promise.resolve(answerOf(body.padEnd(size.bytes ?? 0), BASE + PATH));
    },
  };
  let rows = 0;
  let failure: unknown;
  try {
    const list = { path: PATH, member: 'Transaction', areAllWanted: true } as const;
    for await (const page of pagesOf(source, list, new Remarks())) rows += page.rows.length;
  } catch (error) {
    failure = error;
  }
  return { asked, rows, failure };
}

describe('a list without an end', () => {
  it('is given up at 500,000 rows, and its rows are given', async () => {
    const { asked, rows, failure } = await readEndless({ rows: 50_000 });
    expect({ asked, rows }).toEqual({ asked: 10, rows: 500_000 });
    expect(failure).toMatchObject({
      code: 'pages-endless',
      message: expect.stringContaining('after 10 pages with 500000 rows'),
      description: expect.stringContaining('interaction-1'),
    });
  });

  it('is given up at 512 MiB', async () => {
    const { asked, rows, failure } = await readEndless({ rows: 1, bytes: 16 * 1024 * 1024 });
    expect({ asked, rows }).toEqual({ asked: 32, rows: 32 });
    expect(failure).toMatchObject({ message: expect.stringContaining('(512 MiB)') });
  });

  it('is given up at 50,000 pages', () => {
    const size = new ListSize(PATH);
    for (let pages = 1; pages < 50_000; pages++) size.add(1, 1000);
    expect(size.isReached).toBe(false);
    size.add(1, 1000);
    expect(size.isReached).toBe(true);
  });
});

describe('a page', () => {
  it('of more than 50,000 rows is an error', () => {
    const read = (list: unknown) =>
      readPage(answerOf(page(list)), { path: PATH, member: 'Transaction' }, new Remarks());
    expect(read(Array(50_000).fill(row())).rows).toHaveLength(50_000);
    const failure = { code: 'page-too-large', message: expect.stringContaining('50,000 rows') };
    expect(() => read(Array(50_001).fill({}))).toThrow(expect.objectContaining(failure));
  });
});
