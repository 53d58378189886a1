import { createPrivateKey } from 'node:crypto';
import { pemOf, privateKeyOf } from '../../support/keys/certificates';
import { encodingNames, encodings } from './encodings';
import { Marks } from './marks';
import { Search } from './search';

const SECRET = 'a/secret+with="signs"&more==';

function searchFor(secret: string): Search {
  const marks = new Marks();
  marks.never('the secret', secret);
  return new Search(marks.all);
}

const found = (search: Search, content: string | Buffer) =>
  search.in({ name: 'a place', content: Buffer.from(content as string, 'latin1') });

describe('the search for secrets', () => {
  const search = searchFor(SECRET);

  it.each(encodingNames)('finds each way to write a secret (%s)', (encoding) => {
    for (const form of encodings[encoding](Buffer.from(SECRET))) {
      for (const text of [form, form.toUpperCase(), form.toLowerCase()]) {
        expect(found(search, `before ${text} after`)).toEqual([
          expect.objectContaining({ mark: 'the secret', place: 'a place' }),
        ]);
      }
    }
  });

  it.each([0, 1, 2])('finds a secret in base64 after %i other bytes', (offset) => {
    const around = `${'x'.repeat(offset)}${SECRET}y`;
    for (const alphabet of ['base64', 'base64url'] as const) {
      expect(found(search, Buffer.from(around).toString(alphabet))).toHaveLength(1);
    }
  });

  it('finds a part of a long secret', () => {
    const long = Array.from({ length: 12 }, (_, index) => `part-${index}`).join('/');
    expect(found(searchFor(long), `it was ${long.slice(0, 20)}…`)).toHaveLength(1);
    expect(found(searchFor(long), `… ${long.slice(-20)}`)).not.toHaveLength(0);
  });

  it('finds nothing in a text without secrets', () => {
    expect(found(search, 'a/secret+with="other signs"'.repeat(100))).toEqual([]);
  });

  it('finds only secrets that no output may have, in a place that stores outputs', () => {
    const marks = new Marks();
    marks.handedOut('a token', 'a-token-of-the-bank');
    marks.never('a key', 'the-encryption-key!');
    const content = Buffer.from('a-token-of-the-bank the-encryption-key!');
    const hits = new Search(marks.all).in({ name: 'cells', content, hasOutputs: true });
    expect(hits.map(({ mark }) => mark)).toEqual(['a key']);
  });

  it('finds a private key in PEM, in other lines, as JWK and as bytes', () => {
    const pem = pemOf(privateKeyOf('rsa'));
    const key = createPrivateKey(pem);
    const marks = new Marks();
    marks.privateKey('the key', pem);
    const keySearch = new Search(marks.all);
    const body = pem.split('\n').slice(1, -2).join('');
    const { d, p, q } = key.export({ format: 'jwk' });
    const pkcs1 = key.export({ type: 'pkcs1', format: 'der' });
    for (const text of [pem, body, Buffer.from(pem).toString('base64'), d!, p!, q!, pkcs1]) {
      expect(found(keySearch, text).length).toBeGreaterThan(2);
    }
  });
});
