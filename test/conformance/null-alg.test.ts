import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the signature of the bank', async () => {
  await bank.accepts();
});

it('refuses an unsigned ID token in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode({ redirectIdToken: { unsigned: true } }, 'id-token-algorithm');
});

it('refuses an unsigned ID token from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken({ idToken: { unsigned: true } }, 'id-token-algorithm');
});
