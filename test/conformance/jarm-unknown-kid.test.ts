import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a signed response', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('refuses one with an unknown key ID before the code is used, and asks for the keys once more only', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { header: { kid: 'bank-9' } } },
    'response-jwt-key',
  );
  expect(bank.keyRequests).toBe(2);
});
