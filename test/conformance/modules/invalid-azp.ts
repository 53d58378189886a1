import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const credential = { clientId: 'authorized' };
const partyOf = (azp: string) => ({ claims: { aud: 'authorized', azp } });
const good = partyOf('authorized');

it('accepts ID tokens with the client ID as "azp"', async () => {
  await bank.accepts({ credential, redirectIdToken: good, idToken: good });
});

it('rejects an ID token with another "azp" in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { credential, redirectIdToken: partyOf('another') },
    'jwt-audience',
    '"azp"',
  );
});

it('rejects an ID token with another "azp" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { credential, redirectIdToken: good, idToken: partyOf('another') },
    'jwt-audience',
    '"azp"',
  );
});
