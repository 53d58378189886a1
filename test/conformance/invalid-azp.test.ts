import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();
const credential = { clientId: 'authorized' };
const partyOf = (azp: string) => ({ claims: { aud: 'authorized', azp } });
const good = partyOf('authorized');

it('accepts this client as authorized party', async () => {
  await bank.accepts({ credential, redirectIdToken: good, idToken: good });
});

it('refuses another one in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { credential, redirectIdToken: partyOf('another') },
    'id-token-audience',
  );
});

it('refuses another one from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { credential, redirectIdToken: good, idToken: partyOf('another') },
    'id-token-audience',
  );
});
