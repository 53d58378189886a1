import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT with the "iss" of the credential', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT with another "iss" before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { iss: 'https://other.example' } } },
    'jwt-issuer',
    '"iss"',
  );
});
