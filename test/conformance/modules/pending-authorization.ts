import { clientKey, misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('exchanges the code of a pending request with its code verifier and redirect URI', async () => {
  const redirectUri = 'https://app.example/other';
  await bank.accepts({ pending: { redirectUri } });
  expect(bank.tokenRequest).toMatchObject({
    code_verifier: 'verifier-1',
    redirect_uri: redirectUri,
  });
});

it('accepts a response JWT for a pending request, encrypted or not', async () => {
  const pending = { responseType: 'code', responseMode: 'jwt' };
  await bank.accepts({ redirect: 'jarm', pending });
  await bank.accepts({ redirect: 'jarm', pending, responseJwt: { encryptFor: clientKey } });
});

it('rejects an ID token with another nonce than the pending request before the code is used', async () => {
  await bank.refusesBeforeTheCode({ pending: { nonce: 'n-2' } }, 'id-token-binding', 'nonce');
});

it('rejects an ID token with another consent than the pending request before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { pending: { consentId: 'consent-2' } },
    'id-token-consent',
    '"openbanking_intent_id"',
  );
});

it('leaves a request pending if it rejects the redirect, so that the customer need not agree again', async () => {
  const wrongAlgorithm = { idTokenAlgorithm: 'ES256' };
  await bank.refusesBeforeTheCode({ pending: {}, credential: wrongAlgorithm }, 'jwt-algorithm');
  bank.behave({});
  expect(await bank.exchangePending(bank.lastRedirect)).toMatchObject({
    code: undefined,
    used: { grants: 1, accessTokens: 1 },
  });
});

it('accepts a token response without an ID token if none was asked for', async () => {
  await bank.accepts({
    redirect: 'code',
    pending: { responseType: 'code', nonce: undefined, consentId: undefined },
    credential: { scope: 'accounts' },
    tokenResponse: { id_token: undefined, scope: 'accounts' },
  });
});
