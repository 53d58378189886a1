import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a token response without a scope', async () => {
  await bank.accepts({ tokenResponse: { scope: undefined } });
});

it('rejects a token response with a scope that is a number before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { tokenResponse: { scope: 1 } },
    'response-invalid',
    '"scope"',
  );
});
