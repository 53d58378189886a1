import { otherKey } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens that a key of the bank signed', async () => {
  await bank.accepts();
});

it('rejects an ID token that another key signed in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode({ redirectIdToken: { key: otherKey } }, 'jwt-signature');
});

it('rejects an ID token that another key signed from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken({ idToken: { key: otherKey } }, 'jwt-signature');
});
