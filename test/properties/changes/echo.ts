import fc from 'fast-check';
import { percentEncoded } from './parameters';

/** A way in which a server repeats a value of the request in its answer. */
export type Echo = (value: string) => string;

const entities: Echo = (value) => value.replace(/./gu, (letter) => `&#${letter.codePointAt(0)};`);

const escapes: Echo = (value) =>
  value.replace(/./g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Ways in which servers repeat a value. A value that is cut has at least 16 characters left. */
export const echo: fc.Arbitrary<Echo> = fc
  .tuple(
    fc.oneof(
      fc.constant<Echo>((value) => value),
      fc.nat(99).map((part): Echo => (value) => {
        const length = Math.max(16, Math.floor((part / 100) * value.length));
        return `${value.slice(0, length)}...`;
      }),
      fc.nat(99).map((part): Echo => (value) => {
        const start = Math.min(value.length - 16, Math.floor((part / 100) * value.length));
        return `…${value.slice(Math.max(0, start))}`;
      }),
    ),
    fc.constantFrom<Echo>(
      (value) => value,
      (value) => value,
      (value) => value.toUpperCase(),
      (value) => value.toLowerCase(),
      percentEncoded,
      (value) => percentEncoded(percentEncoded(value)),
      (value) => Buffer.from(value).toString('base64'),
      (value) => Buffer.from(value).toString('base64url'),
      (value) => Buffer.from(`token=${value}`).toString('base64'),
      (value) => Buffer.from(value).toString('hex'),
      entities,
      escapes,
      (value) => JSON.stringify({ token: value }),
    ),
    fc.constantFrom<Echo>(
      (value) => value,
      (value) => `Invalid token: ${value}`,
      (value) => `Bad request [${value}], see the log`,
      (value) => `${'x'.repeat(450)} ${value}`,
      (value) => `${'word '.repeat(900)}${value}`,
      (value) => `refresh_token=${value}&grant_type=refresh_token`,
      (value) => `https://bank.example/error?token=${value}`,
    ),
  )
  .map(
    ([cut, encode, say]): Echo =>
      (value) =>
        say(encode(cut(value))),
  );
