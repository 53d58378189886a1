import fc from 'fast-check';
import { periodOf } from '../../core/accounts/bookingDates';
import { parseExactly } from '../../core/accounts/exactJson';
import { nextPage } from '../../core/accounts/nextPage';
import { readPage, type PageAnswer } from '../../core/accounts/page';
import { pagesOf } from '../../core/accounts/pages';
import { signedAmount } from '../../core/accounts/simplified/amounts';
import { dateOf } from '../../core/accounts/simplified/dates';
import { decimalOf } from '../../core/accounts/simplified/decimal';
import { simplifiedTransactions } from '../../core/accounts/simplified/transaction';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { Remarks } from '../../core/lib/remarks';
import { changed, changesOf } from './changes/change';
import { jsonChange, jsonOf, textOf } from './changes/json';
import { isLong, seed } from './form';

const numRuns = isLong ? 20_000 : 400;

const BASE = 'https://bank.example:8243/open-banking/v3.1/aisp';
const PATH = '/accounts/A-1/transactions';

/** Checks a property for many inputs. */
function holds<Values extends [unknown, ...unknown[]]>(property: fc.IProperty<Values>): void {
  fc.assert(property, { numRuns, seed });
}

/** The result of work, or its error of the catalogue. Any other error fails the property. */
function outcomeOf<Result>(work: () => Result): Result | OpenBankingError {
  try {
    return work();
  } catch (error) {
    if (error instanceof OpenBankingError) return error;
    throw error;
  }
}

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 25 });

/** A number as JSON has it (RFC 8259 §6). */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits.map((text) => text.replace(/^0+(?=\d)/, '')),
    fc.option(digits),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.nat(20))),
  )
  .map(
    ([sign, whole, fraction, exponent]) =>
      sign + whole + (fraction === null ? '' : `.${fraction}`) + (exponent?.join('') ?? ''),
  );

describe('JSON', () => {
  /** A value, and a text of it in which numbers have digits that a float loses. */
  interface Sample {
    readonly text: string;
    readonly value: unknown;
  }

  const number: fc.Arbitrary<Sample> = numberText.map((text) => ({
    text,
    // -0 and 0 are the same number.
    value: String(Number(text)) === text || text === '-0' ? Number(text) : text,
  }));

  const { sample } = fc.letrec<{ sample: Sample; other: Sample }>((tie) => ({
    sample: fc.oneof(number, tie('other')),
    other: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc
        .string({ unit: 'grapheme', maxLength: 20 })
        .map((value) => ({ text: JSON.stringify(value), value: value.replaceAll('\0', '') })),
      fc
        .constantFrom('"1.50"', '"\\"1.50"', '"a\\\\"', '":1.50,"', '"{\\"a\\":1e3}"')
        .map((text) => ({
          text,
          value: JSON.parse(text) as unknown,
        })),
      fc.constantFrom(true, false, null).map((value) => ({ text: String(value), value })),
      // A list has numbers alone, or none.
      fc
        .oneof(fc.array(number, { maxLength: 4 }), fc.array(tie('other'), { maxLength: 4 }))
        .map((samples) => ({
          text: `[ ${samples.map(({ text }) => text).join(' , ')}]`,
          value: samples.map(({ value }) => value),
        })),
      fc
        .dictionary(fc.string({ maxLength: 8 }), tie('sample'), {
          maxKeys: 4,
          noNullPrototype: true,
        })
        .map((members) => {
          const entries = Object.entries(members).filter(([name]) => name !== '__proto__');
          return {
            text: `{${entries.map(([name, { text }]) => `${JSON.stringify(name)} : ${text}`).join()}}`,
            value: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
          };
        }),
    ),
  }));

  it('loses no digit of a number, and changes nothing else', () => {
    holds(
      fc.property(sample, ({ text, value }) => {
        // A number that is not in a list or object is no answer of a bank.
        const read = parseExactly(Buffer.from(`{"a":${text}}`)).value;
        expect(JSON.stringify(read)).toBe(JSON.stringify({ a: value }));
      }),
    );
  });

  it('of any bytes is read, or is no JSON', () => {
    holds(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.option(fc.string()), (bytes, type) => {
        try {
          parseExactly(Buffer.from(bytes), type ?? undefined);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});

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

describe('an amount', () => {
  const SHIFT = 60;

  /** The number in units of 10^-60. */
  function unitsOf(text: string): bigint {
    const [, sign, whole = '', fraction = '', exponent = '0'] =
      /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
    const places = SHIFT - fraction.length + Number(exponent);
    const units = BigInt(`${whole}${fraction}` || '0') * 10n ** BigInt(places);
    return sign === '-' ? -units : units;
  }

  it('keeps its value, and its digits if it has no exponent', () => {
    holds(
      fc.property(numberText, (text) => {
        const { digits: read, sign } = decimalOf(text)!;
        expect(read).toMatch(/^\d+(\.\d+)?$/);
        expect(unitsOf(sign + read)).toBe(unitsOf(text));
        if (!/e/i.test(text)) expect(sign + read).toBe(text);
      }),
    );
  });

  it('of any kind has at most one sign, and no letter, or cannot be read', () => {
    holds(
      fc.property(
        fc.oneof(
          fc.anything(),
          numberText,
          fc.string({ unit: fc.constantFrom(...'0159.,-+eE \0') }),
        ),
        fc.oneof(fc.anything(), fc.constantFrom('Credit', 'Debit', 'DBIT', 'crdt')),
        (Amount, CreditDebitIndicator) => {
          const signed = signedAmount({ Amount: { Amount }, CreditDebitIndicator });
          if ('fault' in signed) return;
          expect(signed.text).toMatch(/^-?\d+(\.\d+)?$/);
          expect(signed.text).not.toMatch(/^-[0.]+$/);
        },
      ),
    );
  });
});

describe('a date', () => {
  const two = fc.nat(99).map((value) => String(value).padStart(2, '0'));
  const dateText = fc
    .tuple(
      fc.integer({ min: 1890, max: 3010 }),
      ...([two, two, two, two, two] as const),
      fc.constantFrom('T', 't', ' ', ''),
      fc.constantFrom('', '.5', '.1234567', ',25'),
      fc.constantFrom('', 'Z', 'z', '+00:00', '+0530', '-11', '+14:00', '+99:99'),
    )
    .map(([year, month, day, hour, minute, second, between, fraction, zone]) =>
      between === ''
        ? `${year}-${month}-${day}`
        : `${year}-${month}-${day}${between}${hour}:${minute}:${second}${fraction}${zone}`,
    );

  it('keeps its day, and its time, or cannot be read', () => {
    holds(
      fc.property(fc.oneof(dateText, fc.anything(), fc.string()), (value) => {
        const date = dateOf(value);
        if (!date) return;
        const given = String(value).trim();
        expect(Number.isNaN(Date.parse(date.text.replace(':60', ':59')))).toBe(false);
        if (/[Tt ]24:/.test(given)) return;
        expect(date.text.slice(0, 10)).toBe(given.slice(0, 10));
        expect(date.text.slice(11, 16)).toBe(given.slice(11, 16));
      }),
    );
  });

  it('of a period is sent as it is, without a zone, and its bounds are within it', () => {
    holds(
      fc.property(dateText, (text) => {
        const period = outcomeOf(() => periodOf(text, text));
        if (period instanceof OpenBankingError || !period) return;
        expect(period.query).toMatch(
          /^fromBookingDateTime=[\d-]{10}T[\d:]{5,8}(\.\d+)?&toBookingDateTime=[\d-]{10}T[\d:]{5,8}(\.\d+)?$/,
        );
        expect(period.includes({ BookingDateTime: text })).toBe(true);
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
      { numRuns, seed },
    );
  });
});
