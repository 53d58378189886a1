import { otherKey } from '../support/idTokens';
import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the signature of the bank', async () => {
  await bank.accepts();
});

it('refuses that of another key in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode({ redirectIdToken: { key: otherKey } }, 'id-token-signature');
});

it('refuses that of another key from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken({ idToken: { key: otherKey } }, 'id-token-signature');
});
