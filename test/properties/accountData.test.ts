import fc from 'fast-check';
import { periodOf } from '../../core/accounts/bookingDates';
import { parseExactly } from '../../core/accounts/exactJson';
import { signedAmount } from '../../core/accounts/simplified/amounts';
import { dateOf } from '../../core/accounts/simplified/dates';
import { decimalOf } from '../../core/accounts/simplified/decimal';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { holds, outcomeOf } from './property';

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
