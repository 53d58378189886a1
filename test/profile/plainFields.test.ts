import { createProfile } from '../../core/profile/profile';
import { assertNoSecretInPlainFields } from '../../core/profile/plainFields';
import { displayText } from '../../core/lib/displayText';
import { clientCertificate } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { customCredential } from '../support/bank/credential';

const FIELDS = {
  'Client ID': 'clientId',
  Scope: 'scope',
  'Key ID': 'keyId',
  'Redirect URI': 'redirectUri',
  Issuer: 'issuer',
} as const;

describe.each(Object.entries(FIELDS))('a secret in "%s"', (label, name) => {
  it.each(['a private key', 'a private key in one line', 'a certificate', 'a token (JWT)'])(
    'is rejected with an error that does not repeat it: %s',
    async (kind) => {
      const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
      const value = {
        'a private key': privateKey,
        'a private key in one line': privateKey.replaceAll('\n', ' '),
        'a certificate': certificate,
        'a token (JWT)': 'eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
      }[kind]!;
      const settings = { ...(await customCredential('https://bank.example')), [name]: value };
      const error = await failureOf(createProfile(settings));
      expect(error).toMatchObject({ code: 'field-malformed', outcome: 'not-sent' });
      expect(error.message).toBe(`"${label}" holds ${kind.replace(' in one line', '')}`);
      for (const part of value.match(/[A-Za-z0-9+/]{12,}/g) ?? []) {
        expect(`${error.message}${error.description}`.includes(part)).toBe(false);
      }
    },
  );
});

it('recognizes a key without its first line, and a JWK', () => {
  const refused = (clientId: string) => () => assertNoSecretInPlainFields({ clientId });
  expect(refused(`MIIEvgIBADANBg${'A'.repeat(300)}`)).toThrow(
    /holds a key or certificate in base64/,
  );
  expect(refused('{"kty":"RSA","d":"x"}')).toThrow(/holds a key \(JWK\)/);
});

it('accepts client IDs as banks issue them', () => {
  for (const clientId of [
    'LvbSjaOIUPmAWZT8jdzyvjqCqY8a',
    'https://tpp.example/client',
    'PSDGB-FCA-1',
    'MIDAS',
  ]) {
    expect(() => assertNoSecretInPlainFields({ clientId })).not.toThrow();
  }
});

it('accepts the address of the metadata as issuer', async () => {
  const url = 'https://bank.example/.well-known/openid-configuration';
  const settings = {
    ...(await customCredential('https://bank.example')),
    bank: 'discovery' as const,
    issuer: url,
  };
  expect((await createProfile(settings)).bank).toEqual({ discover: 'https://bank.example' });
});

it('hides a key that is part of a text of the bank', () => {
  expect(displayText('no client -----BEGIN PRIVATE KEY----- MIIEvgIBADANBg', [])).toBe(
    'no client [hidden]',
  );
});
