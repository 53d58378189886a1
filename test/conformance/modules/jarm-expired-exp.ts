import { now } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a response JWT that has not expired', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('rejects a response JWT that expired a minute ago before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { exp: now() - 60 } } },
    'jwt-time',
    '"exp"',
  );
});

it('rejects a response JWT without "exp" before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { exp: undefined } } },
    'jwt-malformed',
    '"exp"',
  );
});
