import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a signed response', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('refuses one with another algorithm before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { header: { alg: 'RS256' } } },
    'response-jwt-algorithm',
  );
});
