import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();
const credential = { clientId: 'one-of-two' };
const claims = { aud: ['one-of-two', 'another'] };
const authorized = { claims: { ...claims, azp: 'one-of-two' } };

it('accepts another audience where this client is the authorized party', async () => {
  await bank.accepts({ credential, redirectIdToken: authorized, idToken: authorized });
});

it('refuses another audience without authorized party before the code is used', async () => {
  const redirectIdToken = { claims };
  await bank.refusesBeforeTheCode({ credential, redirectIdToken }, 'id-token-audience');
});

it('refuses another authorized party before the code is used', async () => {
  const redirectIdToken = { claims: { ...claims, azp: 'another' } };
  await bank.refusesBeforeTheCode({ credential, redirectIdToken }, 'id-token-audience');
});

it('refuses another audience before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { credential, redirectIdToken: authorized, idToken: { claims } },
    'id-token-audience',
  );
});
