import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT with the algorithm of the credential', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT with another algorithm before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { header: { alg: 'RS256' } } },
    'jwt-algorithm',
  );
});
