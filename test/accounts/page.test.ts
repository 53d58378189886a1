import { readPage, type ListMember } from '../../core/accounts/page';
import { Remarks } from '../../core/lib/remarks';
import { answerOf, page, row, type Given } from './pageSource';

const PATH = '/accounts/A-1/transactions';

function read(given: Given, member: ListMember = 'Transaction', headers = {}) {
  const remarks = new Remarks();
  const answer = answerOf(given);
  const { rows, ...rest } = readPage(
    { ...answer, headers: { ...answer.headers, ...headers } },
    { path: PATH, member },
    remarks,
  );
  return { rows, ...rest, remarks: remarks.texts };
}

const failing = (given: Given, code: string, message: unknown) =>
  expect(() => read(given)).toThrow(expect.objectContaining({ code, stage: 'api', message }));

describe('no data', () => {
  it.each<[string, Given, number]>([
    ['an empty list', { Data: { Transaction: [] } }, 0],
    ['null as the list', { Data: { Transaction: null } }, 0],
    ['an empty text as the list', { Data: { Transaction: '' } }, 0],
    ['an empty object as Data', { Data: {} }, 0],
    ['other members that are empty', { Data: { Transaction: null, Account: [], Total: 0 } }, 0],
    ['null as Data', { Data: null }, 1],
    ['a list as Data', { Data: [] }, 1],
    ['an empty body', Buffer.alloc(0), 1],
    ['white space as body', ' \r\n', 1],
    ['status 204', 204, 0],
  ])('as %s is no row', (_, given, warnings) => {
    expect(read(given)).toEqual({ rows: [], remarks: Array(warnings).fill(expect.any(String)) });
  });
});

describe('a list', () => {
  it('may be one object', () => {
    expect(read({ Data: { Transaction: row() } }).rows).toEqual([row()]);
    expect(read({ Data: { Balance: { Type: 'X' } } }, 'Balance').rows).toEqual([{ Type: 'X' }]);
  });

  it('is found under names in other letter case', () => {
    const body = {
      data: { transaction: [row()] },
      LINKS: { next: '?p=2' },
      meta: { totalpages: 3 },
    };
    expect(read(body)).toEqual({ rows: [row()], next: '?p=2', totalPages: 3, remarks: [] });
  });

  it('loses entries that are no objects, with one warning', () => {
    expect(read(page([null, row(), 'x', [1]]))).toEqual({
      rows: [row()],
      remarks: [expect.stringContaining('3')],
    });
  });

  it('comes with a warning if numbers came as text', () => {
    const { rows, remarks } = read(
      '{"Data":{"Transaction":[{"Amount":{"Amount":10.00}},{"A":1e3}]}}',
    );
    expect(rows).toEqual([{ Amount: { Amount: '10.00' } }, { A: '1e3' }]);
    expect(remarks).toEqual([expect.stringContaining('as text')]);
  });

  it('is decoded as its header says', () => {
    const body = Buffer.from('{"Data":{"Transaction":{"T":"\xfc"}}}', 'latin1');
    const headers = { 'content-type': 'application/json;charset=ISO-8859-1' };
    expect(read(body, 'Transaction', headers).rows).toEqual([{ T: 'ü' }]);
  });
});

describe('an answer without data', () => {
  it.each<[Given, string]>([
    [{ message: 'OK' }, '"Data": it has "message"'],
    [{}, '"Data": it has no members'],
    [[row()], '"Data": it has a list'],
    ['"text"', '"Data": it has a string'],
    ['null', '"Data": it has null'],
    [{ Data: 'none' }, '"Data": it has a string'],
    [{ Data: [row()] }, '"Data": it has a list'],
    [{ Data: { Account: [{}] } }, '"Data.Transaction": it has "Account"'],
    [
      { Data: { Transactions: [{}], Total: 1 } },
      '"Data.Transaction": it has "Transactions", "Total"',
    ],
    [{ Data: { Transaction: 'x' } }, '"Data.Transaction": it has "Transaction"'],
    [Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`m${at}`, 1])), 'and 20 more'],
  ])('is an error that says what it has: %j', (given, words) => {
    failing(given, 'data-missing', expect.stringContaining(words));
  });
});

it('names few members of an answer without data, and no secret', () => {
  const members = Array.from({ length: 20_000 }, (_, at) => [`secret-token ${at}`, 1]);
  const given = { ...answerOf(Object.fromEntries(members)), secrets: ['secret-token'] };
  const read = () => readPage(given, { path: PATH, member: 'Transaction' }, new Remarks());
  expect(read).toThrow(/^(?!.*secret-token).*19990 more/s);
});

it('reads a page also under a hostile content type, soon', () => {
  const headers = {
    'content-type': `application/json${';charset='.repeat(2)}${' '.repeat(60_000)}`,
  };
  const start = performance.now();
  expect(read(page([row()]), 'Transaction', headers).rows).toHaveLength(1);
  expect(performance.now() - start).toBeLessThan(2000);
});

describe('an answer that is no JSON', () => {
  it.each([
    [
      '<!doctype html><html><head><title>Sign in</title><style>a{}</style></head><body>Log in here',
      'a web page that begins with "Sign in Log in here"',
    ],
    ['<html></html>', 'a web page instead'],
    ['Service is being maintained', 'a text that begins with "Service is being maintained"'],
    [`x${'\u202e\u0085'}y`, 'a text that begins with "x y"'],
    ['\u0001\u0002\u0003', 'binary data instead'],
    ['<Errors><Code>1</Code></Errors>', 'XML instead'],
  ])('is an error with its first words: %j', (body, words) => {
    failing(body, 'data-missing', expect.stringContaining(words));
  });

  it('shows few of its words, and no secret', () => {
    const { headers, ...answer } = answerOf(`secret-token ${'x y '.repeat(100_000)}`);
    const given = { ...answer, headers, secrets: ['secret-token'] };
    const read = () => readPage(given, { path: PATH, member: 'Transaction' }, new Remarks());
    expect(read).toThrow(/^(?!.*secret-token).{50,300}$/s);
  });

  it.each(['{"Data":{"Transaction":[{"AccountId":"A-1"', '{', '[', '{"Data":}'])(
    'but begins like it is an error that says so: %s',
    (body) => {
      failing(body, 'data-missing', expect.stringContaining('not complete'));
    },
  );
});

it('does not change texts of rows but for characters that a database refuses', () => {
  const text = 'A\nB\tC \u001b[31m &amp;amp; Ã¼ \ud83d\ude00';
  const body = JSON.stringify(page([{ T: text, U: 'a\0b', V: '\ud83d' }]));
  expect(read(body).rows).toEqual([{ T: text, U: 'ab', V: '\ufffd' }]);
});

describe('numbers that would lose digits', () => {
  const text = (row: string, meta = '') =>
    Buffer.from(`{"Data":{"Transaction":[{"T":"a"},${row},3]},"Meta":{${meta}}}`);

  it('come as text in all rows of a page, with one remark, and entries that are no rows are counted once', () => {
    const { rows, remarks } = read(text('{"Amount":{"Amount":10.00},"Count":7}'));
    expect(rows).toEqual([{ T: 'a' }, { Amount: { Amount: '10.00' }, Count: 7 }]);
    expect(remarks).toEqual([
      expect.stringContaining('come as text'),
      expect.stringContaining('no object'),
    ]);
  });

  it('outside of rows that have none are no reason for a remark', () => {
    const { rows, remarks, totalPages } = read(text('{"T":"b"}', '"TotalPages":3.0'));
    expect(rows).toEqual([{ T: 'a' }, { T: 'b' }]);
    expect(totalPages).toBe(3);
    expect(remarks).toEqual([expect.stringContaining('no object')]);
  });
});
