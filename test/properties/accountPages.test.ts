import fc from 'fast-check';
import { nextPage } from '../../core/accounts/nextPage';
import { readPage, type PageAnswer } from '../../core/accounts/page';
import { pagesOf } from '../../core/accounts/pages';
import { simplifiedTransactions } from '../../core/accounts/simplified/transaction';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Remarks } from '../../core/lib/remarks';
import { changed, changesOf } from './changes/change';
import { jsonChange, jsonOf, textOf } from './changes/json';
import { holds, outcomeOf, runs } from './property';

const BASE = 'https://bank.example:8243/open-banking/v3.1/aisp';
const PATH = '/accounts/A-1/transactions';

describe('a link to the next page', () => {
  const asked = { url: `${BASE}${PATH}?page=1`, path: PATH };
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        'https://',
        'http:',
        '//',
        '/',
        '\\',
        '?',
        '#',
        '@',
        ':',
        '..',
        '%2e',
        '%2F',
        '%',
        '&',
        '=',
      ],
      ...[
        '\r\n',
        '\t',
        '\0',
        ' ',
        'é',
        '\ud800',
        '+',
        '|',
        BASE,
        PATH,
        'evil.example',
        '/accounts',
        'A-1',
      ],
    ),
    fc.string({ maxLength: 6 }),
  );
  const link = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.array(piece, { maxLength: 6 }).map((pieces) => `${BASE}${PATH}?${pieces.join('')}`),
    fc.webUrl({ withQueryParameters: true }).map((url) => url),
    fc.anything(),
  );

  it('leads nowhere but to the resource that was asked, or is refused', () => {
    holds(
      fc.property(link, (given) => {
        const next = outcomeOf(() => nextPage(given, asked));
        if (next instanceof OpenBankingError) {
          expect(next.code).toBe('next-page-elsewhere');
          return;
        }
        const sent = `${BASE}${PATH}?${next.query}`;
        const { origin, pathname, hash, search, username } = new URL(sent);
        expect(origin + pathname + hash + username).toBe(BASE + PATH);
        // A query in which the class URL would change more than an apostrophe could lead elsewhere.
        expect(search.replace(/^\?/, '')).toBe(next.query.replaceAll("'", '%27'));
        expect(next.query).toMatch(/^[\x21-\x7e]*$/);
      }),
    );
  });

  const query = fc.string({
    unit: fc.constantFrom(...'abcXYZ019-._~!$()*,;:@/?=&+%2F', "'"),
    minLength: 1,
    maxLength: 40,
  });

  it('brings its query as it is', () => {
    holds(
      fc.property(query, (text) => {
        for (const given of [
          `${BASE}${PATH}?${text}`,
          `?${text}`,
          `https://a.example/b${PATH}?${text}`,
        ]) {
          expect(nextPage(given, asked).query).toBe(text);
        }
      }),
    );
  });
});

describe('a page', () => {
  const row = {
    AccountId: 'A-1',
    TransactionId: 'T1',
    CreditDebitIndicator: 'Debit',
    Status: 'Booked',
    BookingDateTime: '2026-03-02T00:00:00+00:00',
    Amount: { Amount: '12.50', Currency: 'GBP' },
    Balance: { CreditDebitIndicator: 'Credit', Amount: { Amount: '100.00', Currency: 'GBP' } },
    CreditorAccount: { SchemeName: 'UK.OBIE.IBAN', Identification: 'GB00TEST', Name: 'SHOP' },
  };
  const body = {
    Data: {
      Transaction: [row, { ...row, TransactionId: 'T2' }, { ...row, TransactionId: undefined }],
    },
    Links: { Self: `${BASE}${PATH}`, Next: `${BASE}${PATH}?page=2` },
    Meta: { TotalPages: 2 },
  };
  const answer = (text: string): PageAnswer => ({
    ...{ status: 200, headers: {}, body: Buffer.from(text), url: `${BASE}${PATH}` },
    interactionId: 'i-1',
  });

  it('that is changed in any way is read, or its error is one of the catalogue', () => {
    holds(
      fc.property(changesOf(jsonChange), (changes) => {
        const text = textOf(changed(jsonOf(JSON.parse(JSON.stringify(body))), changes));
        const remarks = new Remarks();
        const asked = { path: PATH, member: 'Transaction' } as const;
        const page = outcomeOf(() => readPage(answer(text), asked, remarks));
        if (page instanceof OpenBankingError) return;
        const { rows } = simplifiedTransactions(page.rows, { accountId: 'A-1' }, remarks);
        const ids = rows.map(({ transaction_id: id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).not.toContain('');
        for (const item of rows) {
          expect(Object.values(item).every((value) => typeof value === 'string')).toBe(true);
          expect(item.amount).toMatch(/^-?\d+(\.\d+)?$/);
          expect(JSON.stringify(item)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        }
        for (const remark of remarks.texts) expect(remark).not.toMatch(/\0|undefined|NaN/);
      }),
    );
  });

  it('of a list with any links comes to an end, and no row of it is lost or comes twice', async () => {
    const LIMIT = 120;
    const graph = fc
      .array(
        fc.tuple(fc.array(fc.nat(30), { maxLength: 4 }), fc.option(fc.nat(15), { freq: 12 })),
        {
          minLength: 1,
          maxLength: 15,
        },
      )
      .map((pages) =>
        pages.map(([ids, next]) => ({ ids, next: next === null ? null : next % pages.length })),
      );
    await fc.assert(
      fc.asyncProperty(graph, async (pages) => {
        let requests = 0;
        const source = {
          get: (_path: string, query = 'page=0') => {
            if (requests++ > LIMIT) throw new Error('It does not end');
            const { ids, next } = pages[Number(query.slice(5))]!;
            const Transaction = ids.map((id) => ({ ...row, TransactionId: `T${id}` }));
            const Next = next === null ? undefined : `${BASE}${PATH}?page=${next}`;
            return Promise.resolve(
              answer(JSON.stringify({ Data: { Transaction }, Links: { Next } })),
            );
          },
        };
        const expected = new Set<number>();
        const visited = new Set<number>();
        for (let at: number | null = 0; at !== null && !visited.has(at); at = pages[at]!.next) {
          visited.add(at);
          pages[at]!.ids.forEach((id) => expected.add(id));
        }
        const seen: string[] = [];
        let failure: unknown;
        try {
          const asked = { path: PATH, member: 'Transaction' } as const;
          for await (const { rows } of pagesOf(source, asked, new Remarks())) {
            seen.push(...rows.map(({ TransactionId }) => String(TransactionId)));
          }
        } catch (error) {
          failure = error;
        }
        if (failure !== undefined) {
          expect(failure).toMatchObject({ code: 'pages-endless' });
        }
        expect(new Set(seen)).toEqual(new Set([...expected].map((id) => `T${id}`)));
      }),
      runs,
    );
  });
});
