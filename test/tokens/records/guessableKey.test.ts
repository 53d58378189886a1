import { randomBytes } from 'node:crypto';
import { guessableKeyNotice } from '../../../core/tokens/records/guessableKey';

it.each([
  'a'.repeat(32),
  'ab'.repeat(16),
  '0123456789abcdef'.repeat(2),
  'Secret-Key-123'.repeat(3),
])('warns about a key that can be guessed, without its text: case %#', (key) => {
  const notice = guessableKeyNotice(` ${key} ${randomBytes(32).toString('base64')}`);
  expect(notice?.text).toMatch(/"Encryption Key" .* "openssl rand -base64 32"/);
  expect(notice?.text).not.toContain(key.slice(0, 14));
});

it.each([
  ['none', undefined],
  ['an empty one', ' '],
  ['one that is replaced', `${randomBytes(32).toString('base64')} ${'a'.repeat(32)}`],
  ['a random one', randomBytes(32).toString('base64')],
  ['a random one in hexadecimal digits', randomBytes(32).toString('hex')],
  [
    'several random ones',
    `${randomBytes(24).toString('base64')}\n${randomBytes(32).toString('hex')}`,
  ],
])('does not warn about a good key: %s', (_, key) => {
  expect(guessableKeyNotice(key)).toBeUndefined();
});
