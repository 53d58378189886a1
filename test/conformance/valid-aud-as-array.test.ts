import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();
const audience = (...aud: string[]) => ({
  credential: { clientId: 'in-a-list' },
  redirectIdToken: { claims: { aud } },
  idToken: { claims: { aud } },
});

it('accepts the client ID in a list of one', async () => {
  await bank.accepts(audience('in-a-list'));
});

it('refuses a list without it before the code is used', async () => {
  await bank.refusesBeforeTheCode(audience('another'), 'id-token-audience');
});
