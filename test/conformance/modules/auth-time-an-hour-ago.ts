import { now } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const pending = { maxAge: 600 };
const loggedIn = (seconds: number) => ({ claims: { auth_time: now() - seconds } });

it('accepts an ID token with a recent "auth_time" or none', async () => {
  await bank.accepts({ pending, redirectIdToken: loggedIn(60), idToken: loggedIn(60) });
  await bank.accepts({ pending });
});

it('accepts an "auth_time" of an hour ago if no maximum age was asked for', async () => {
  await bank.accepts({ pending: {}, redirectIdToken: loggedIn(3600), idToken: loggedIn(3600) });
});

it('rejects an "auth_time" of an hour ago in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { pending, redirectIdToken: loggedIn(3600) },
    'id-token-auth-time',
    '"auth_time"',
  );
});

it('rejects an "auth_time" of an hour ago from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { pending, idToken: loggedIn(3600) },
    'id-token-auth-time',
    '"auth_time"',
  );
});
