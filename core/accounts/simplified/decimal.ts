/** A decimal number as text: the bank's digits, without a sign. */
export interface Decimal {
  /** At least one digit, then perhaps a point and at least one digit. */
  readonly digits: string;
  /** The sign in the text, if there is one. */
  readonly sign: '+' | '-' | '';
}

/** Maximum length of a number. The standard has at most 19 characters; a sum of far longer ones would take long. */
const MAXIMUM = 100;

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * Reads a decimal number and keeps its digits. It never guesses: a comma, a space between digits or another character makes it unreadable.
 * `.50` is `0.50`, and `5.` is `5`. An exponent is written out (`1e3` is `1000`), because JSON numbers may have one.
 *
 * @param value a text, or a number whose digits were not lost when its JSON was parsed
 */
export function decimalOf(value: unknown): Decimal | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (text.length > MAXIMUM) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = FORM.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const digits =
    exponent === undefined ? plain(whole, fraction) : moved(whole, fraction, +exponent);
  return { digits, sign: sign as Decimal['sign'] };
}

function plain(whole: string, fraction: string): string {
  return fraction === '' ? whole : `${whole || '0'}.${fraction}`;
}

/** Moves the point to the right, or, if the exponent is negative, to the left. */
function moved(whole: string, fraction: string, exponent: number): string {
  const point = whole.length + exponent;
  const padded = (whole + fraction).padEnd(point, '0');
  if (point <= 0) return plain('0', '0'.repeat(-point) + padded);
  return plain(padded.slice(0, point).replace(/^0+(?=\d)/, ''), padded.slice(point));
}

/** Whether a decimal number is zero: then it has no sign. */
export function isZero({ digits }: Decimal): boolean {
  return !/[1-9]/.test(digits);
}

/** The same number always as the same text: without zeros that do not count. @param signed for example `-012.50`, which gives `-12.5` */
export function canonical(signed: string): string {
  const [, sign = '', whole = '', fraction = ''] =
    /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(signed) ?? [];
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return digits === '0' ? digits : sign + digits;
}

/** The exact sum of signed decimal numbers. It has as many decimals as the number with the most of them. */
export function sumOf(numbers: readonly string[]): string {
  const decimals = numbers.reduce((most, number) => Math.max(most, fractionOf(number).length), 0);
  const units = numbers.map((number) => {
    const digits = number.replace(/\..*/, '') + fractionOf(number).padEnd(decimals, '0');
    return BigInt(digits);
  });
  const sum = units.reduce((total, unit) => total + unit, 0n);
  const digits = String(sum < 0n ? -sum : sum).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return (sum < 0n ? '-' : '') + plain(digits.slice(0, point), digits.slice(point));
}

function fractionOf(number: string): string {
  return /\.(.*)/.exec(number)?.[1] ?? '';
}
