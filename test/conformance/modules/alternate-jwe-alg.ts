import { clientKey, misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const encryptedWith = (alg: string, enc: string) => ({
  encryptFor: clientKey,
  encryption: { alg, enc },
});

it.each([
  ['RSA-OAEP', 'A256GCM'],
  ['RSA-OAEP-256', 'A128CBC-HS256'],
])('accepts JWTs that are encrypted with %s and %s', async (alg, enc) => {
  const forgery = encryptedWith(alg, enc);
  await bank.accepts({ redirectIdToken: forgery, idToken: forgery });
  await bank.accepts({ redirect: 'jarm', responseJwt: forgery });
});

describe.each([
  ['RSA-OAEP-512', 'A256GCM'],
  ['RSA-OAEP', 'A192GCM'],
])('rejects JWTs that are encrypted with %s and %s', (alg, enc) => {
  const forgery = encryptedWith(alg, enc);

  it('as the ID token in the redirect before the code is used', async () => {
    await bank.refusesBeforeTheCode({ redirectIdToken: forgery }, 'jwt-decryption');
  });

  it('as the response JWT before the code is used', async () => {
    await bank.refusesBeforeTheCode({ redirect: 'jarm', responseJwt: forgery }, 'jwt-decryption');
  });

  it('as the ID token from the token endpoint before the access token is used', async () => {
    await bank.refusesBeforeTheAccessToken({ idToken: forgery }, 'jwt-decryption');
  });
});
