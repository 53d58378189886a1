import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT with the state of the authorization request', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT with another state before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', parameters: { state: 's-2' } },
    'state-mismatch',
    '"state"',
  );
});
