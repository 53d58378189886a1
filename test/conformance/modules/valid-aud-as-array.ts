import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const audience = (...aud: string[]) => ({
  credential: { clientId: 'in-a-list' },
  redirectIdToken: { claims: { aud } },
  idToken: { claims: { aud } },
});

it('accepts ID tokens with an "aud" that is a list with the client ID alone', async () => {
  await bank.accepts(audience('in-a-list'));
});

it('rejects an ID token with an "aud" that is a list without the client ID in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(audience('another'), 'jwt-audience', '"aud"');
});
