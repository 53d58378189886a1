import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a signed response', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('refuses one without issuer before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { iss: undefined } } },
    'response-jwt-malformed',
  );
});
