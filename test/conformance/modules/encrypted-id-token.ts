import { otherKey } from '../../support/bank/idTokens';
import { clientKey, misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens that are encrypted for this client', async () => {
  await bank.accepts({
    redirectIdToken: { encryptFor: clientKey },
    idToken: { encryptFor: clientKey },
  });
});

it('rejects an ID token that is encrypted for another key in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode({ redirectIdToken: { encryptFor: otherKey } }, 'jwt-decryption');
});

it('rejects an ID token that is encrypted but not signed in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { encryptFor: clientKey, unsigned: true } },
    'jwt-algorithm',
  );
});

it('rejects an ID token that is encrypted for another key from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken({ idToken: { encryptFor: otherKey } }, 'jwt-decryption');
});
