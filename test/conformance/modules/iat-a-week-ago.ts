import { now } from '../../support/bank/idTokens';
import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts an ID token that was issued a minute ago', async () => {
  await bank.accepts({ redirectIdToken: { claims: { iat: now() - 60 } } });
});

it('rejects an ID token that was issued a week ago in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { iat: now() - 7 * 86_400 } } },
    'jwt-time',
    '"iat"',
  );
});

it('rejects an ID token that is issued tomorrow in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { iat: now() + 86_400 } } },
    'jwt-time',
    '"iat"',
  );
});

it('rejects an ID token that was issued a week ago from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { iat: now() - 7 * 86_400 } } },
    'jwt-time',
    '"iat"',
  );
});
