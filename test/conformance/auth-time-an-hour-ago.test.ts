import { now } from '../support/idTokens';
import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();
const pending = { maxAge: 600 };
const loggedIn = (seconds: number) => ({ claims: { auth_time: now() - seconds } });

it('accepts a log-in within the age that was asked for, and one that is not told', async () => {
  await bank.accepts({ pending, redirectIdToken: loggedIn(60), idToken: loggedIn(60) });
  await bank.accepts({ pending });
});

it('accepts one of an hour ago where no age was asked for', async () => {
  await bank.accepts({ pending: {}, redirectIdToken: loggedIn(3600), idToken: loggedIn(3600) });
});

it('refuses one of an hour ago in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { pending, redirectIdToken: loggedIn(3600) },
    'id-token-auth-time',
  );
});

it('refuses one of an hour ago from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { pending, idToken: loggedIn(3600) },
    'id-token-auth-time',
  );
});
