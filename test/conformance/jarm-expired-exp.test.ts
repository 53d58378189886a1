import { now } from '../support/idTokens';
import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a signed response', async () => {
  await bank.accepts({ redirect: 'jarm' });
});

it('refuses one that ended a minute ago before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { exp: now() - 60 } } },
    'response-jwt-time',
  );
});

it('refuses one without an end before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirect: 'jarm', responseJwt: { claims: { exp: undefined } } },
    'response-jwt-malformed',
  );
});
