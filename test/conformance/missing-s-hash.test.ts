import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the hash of the state', async () => {
  await bank.accepts();
});

it('refuses an ID token without one before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { s_hash: undefined } } },
    'id-token-state-hash',
  );
});
