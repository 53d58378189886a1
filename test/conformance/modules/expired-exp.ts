import { now } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts an ID token that expired within the clock tolerance', async () => {
  await bank.accepts({ redirectIdToken: { claims: { exp: now() - 20 } } });
});

it('rejects an ID token that expired a minute ago in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { exp: now() - 60 } } },
    'jwt-time',
    '"exp"',
  );
});

it('rejects an ID token that expired a minute ago from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { exp: now() - 60 } } },
    'jwt-time',
    '"exp"',
  );
});

it('uses the clock tolerance of the credential for "exp"', async () => {
  const claims = { exp: now() - 60 };
  await bank.accepts({ redirectIdToken: { claims }, credential: { clockTolerance: 120 } });
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { exp: now() - 20 } }, credential: { clockTolerance: 0 } },
    'jwt-time',
    '"exp"',
  );
});
