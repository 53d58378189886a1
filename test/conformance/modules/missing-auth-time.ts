import { now } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const pending = { maxAge: 600, requiredClaims: ['auth_time'] } as const;
const loggedIn = (seconds: number) => ({ claims: { auth_time: now() - seconds } });

it('accepts ID tokens with a recent "auth_time" if a maximum age was asked for', async () => {
  await bank.accepts({ pending, redirectIdToken: loggedIn(60), idToken: loggedIn(60) });
  await bank.accepts({ pending, redirectIdToken: loggedIn(60) });
});

it('rejects an ID token without "auth_time" in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { pending, idToken: loggedIn(60) },
    'id-token-auth-time',
    '"auth_time"',
  );
});

it('rejects an ID token without "auth_time" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { redirect: 'jarm', pending: { ...pending, responseType: 'code' } },
    'id-token-auth-time',
    '"auth_time"',
  );
});

it('rejects an "auth_time" of an hour ago from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { redirect: 'code', pending: { ...pending, responseType: 'code' }, idToken: loggedIn(3600) },
    'id-token-auth-time',
    '"auth_time"',
  );
});
