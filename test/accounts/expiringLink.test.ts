import { pullTransactions } from '../../core/accounts/pull';
import { Remarks } from '../../core/lib/remarks';
import { bank, idOf, json, PATH, type Answer } from './answeringBank';
import { page, rows } from './pageSource';

const limited = json(429, { Message: 'Too many requests' }, { 'Retry-After': '15' });
const expired = json(400, {
  Code: '400 BadRequest',
  Message: 'Invalid request parameters.',
  Errors: [{ ErrorCode: 'UK.OBIE.Field.Invalid', Message: 'page token expired' }],
});
const first = json(200, page(rows('T1', 'T2'), '?c=2'));

/** Pulls from a bank that gives these answers in turn. Pauses take no time, but the clock of the process goes on as if they did. */
async function pullFrom(answers: readonly Answer[]) {
  const now = performance.now.bind(performance);
  const pauses: number[] = [];
  let waited = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + waited);
  const pause = (milliseconds: number) => {
    pauses.push(milliseconds);
    waited += milliseconds;
    return Promise.resolve();
  };
  const { api, requests } = await bank(answers, { pause });
  const remarks = new Remarks();
  const request = { api, origin: {}, simplify: true, remarks };
  try {
    const pulled = await pullTransactions(request, 'A-1', { status: 'all' });
    const asked = requests.map(({ url }) => url.slice(url.indexOf(PATH) + PATH.length));
    const ids = pulled.rows.map((given) => 'transaction_id' in given && given.transaction_id);
    return { ids, failure: pulled.failure, remarks: remarks.texts, requests, asked, pauses };
  } finally {
    clock.mockRestore();
  }
}

describe('a link to a next page that ends while the bank wants a pause', () => {
  it('is followed once more from the first page, and each row comes once', async () => {
    const pulled = await pullFrom([
      first,
      limited,
      expired,
      // One transaction is new since then.
      json(200, page(rows('T0', 'T1'), '?c=3')),
      json(200, page(rows('T2', 'T3'))),
    ]);
    expect(pulled.failure).toBeUndefined();
    expect(pulled.ids).toEqual(['T1', 'T2', 'T0', 'T3']);
    expect(pulled.asked).toEqual(['', '?c=2', '?c=2', '', '?c=3']);
    expect(pulled.pauses).toEqual([15_000]);
    expect(pulled.remarks).toEqual([
      'In 1 list, the bank refused a link to a next page, so the list was read again from its first page.',
    ]);
  });

  it('and ends again, is an error with the page and the age of the link; the rows are given', async () => {
    const pulled = await pullFrom([first, limited, expired, first, limited, expired]);
    expect(pulled.ids).toEqual(['T1', 'T2']);
    expect(pulled.asked).toEqual(['', '?c=2', '?c=2', '', '?c=2', '?c=2']);
    expect(pulled.pauses).toEqual([15_000, 15_000]);
    expect(pulled.failure).toMatchObject({ code: 'page-expired', stage: 'api', status: 400 });
    const { message, description } = pulled.failure!;
    expect(message).toContain(`Page 2 of ${PATH}`);
    const [, age] = / (\d+\.\d) seconds after the page before it: .*page token expired/.exec(
      message,
    )!;
    expect(Number(age)).toBeGreaterThanOrEqual(15);
    expect(description).toContain('"Items at Once"');
    expect(description).toMatch(/pauses that the bank asks for/);
    expect(description).toContain(idOf(pulled.requests.at(-1)!));
  });
});
