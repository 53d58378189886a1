import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts an ID token with the hash of the state', async () => {
  await bank.accepts();
});

it('rejects an ID token without the hash of the state in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { s_hash: undefined } } },
    'id-token-binding',
    's_hash',
  );
});
