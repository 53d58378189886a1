import type { ServerResponse } from 'node:http';
import { pagesOf } from '../../core/accounts/pages';
import { pullTransactions } from '../../core/accounts/pull';
import { Remarks } from '../../core/lib/remarks';
import { bank, BASE, GOOD, json, PATH, type Answer } from './answeringBank';
import { page, rows } from './pageSource';

const ALL = { path: PATH, member: 'Transaction', areAllWanted: true } as const;

/** An answer that never comes. */
function hanging() {
  let asked: (response: ServerResponse) => void;
  const response = new Promise<ServerResponse>((resolve) => (asked = resolve));
  /** Resolves when the connection of the request is closed. */
  const ended = response.then(
    (given) => new Promise<void>((resolve) => given.once('close', resolve)),
  );
  const answer: Answer = (given) => asked(given);
  return { answer, asked: response, ended };
}

const given = (next: string, ...ids: string[]) => json(200, page(rows(...ids), `?${next}`));

describe('a page that was asked for early', () => {
  it('is not waited for after a walk that ends before it', async () => {
    const { answer, asked, ended } = hanging();
    const { api, requests } = await bank([given('p=2', 'T1'), answer]);
    for await (const { rows: first } of pagesOf(api, ALL, new Remarks())) {
      expect(first).toHaveLength(1);
      await asked;
      break;
    }
    await ended;
    expect(requests).toHaveLength(2);
  });

  it('is not sent any more after a failure of the list', async () => {
    // Ten pages in a row without a new row are the end.
    const pages = Array.from({ length: 11 }, (_, at) => given(`p=${at + 2}`, 'T1'));
    const { api, requests } = await bank([...pages, GOOD]);
    const request = { api, origin: {}, simplify: false, remarks: new Remarks() };
    const { failure } = await pullTransactions(request, 'A-1', { status: 'all' });
    expect(failure).toMatchObject({ code: 'pages-endless' });
    await api.get('/accounts/A-2/transactions');
    expect(requests.slice(10).map(({ url }) => url.slice(BASE.length))).toEqual([
      `${PATH}?p=11`,
      '/accounts/A-2/transactions',
    ]);
  });

  it('is not asked for again after a pause, and the pause ends', async () => {
    let pauses: () => void;
    const pausing = new Promise<void>((resolve) => (pauses = resolve));
    let signal: AbortSignal | undefined;
    const pause = (_: number, given?: AbortSignal) => {
      signal = given;
      pauses();
      return new Promise<never>(() => undefined);
    };
    const answers = [given('p=2', 'T1'), json(429, {}, { 'Retry-After': '60' })];
    const { api, requests } = await bank(answers, { pause });
    const pages = pagesOf(api, ALL, new Remarks());
    await pages.next();
    await pausing;
    expect(signal?.aborted).toBe(false);
    await pages.return(undefined);
    expect(signal?.aborted).toBe(true);
    expect(requests).toHaveLength(2);
  });
});
