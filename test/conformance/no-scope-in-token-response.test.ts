import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts a token response without scope', async () => {
  await bank.accepts({ tokenResponse: { scope: undefined } });
});

it('refuses a scope that is no text before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken({ tokenResponse: { scope: 1 } }, 'token-response-invalid');
});
