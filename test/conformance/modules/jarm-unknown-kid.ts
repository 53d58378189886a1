import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT with the key ID of the bank', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT with an unknown key ID before the code is used, and fetches the keys once more only', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { header: { kid: 'bank-9' } } },
    'jwt-signature',
  );
  expect(bank.keyRequests).toBe(2);
});
