import { clientKey, misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the answer to what is pending, with its verifier and redirect URI', async () => {
  const redirectUri = 'https://app.example/other';
  await bank.accepts({ pending: { redirectUri } });
  expect(bank.tokenRequest).toMatchObject({
    code_verifier: 'verifier-1',
    redirect_uri: redirectUri,
  });
});

it('accepts an answer in a response JWT, encrypted or not', async () => {
  const pending = { responseType: 'code', responseMode: 'jwt' };
  await bank.accepts({ redirect: 'jarm', pending });
  await bank.accepts({ redirect: 'jarm', pending, responseJwt: { encryptFor: clientKey } });
});

it('refuses another nonce than the pending one before the code is used', async () => {
  await bank.refusesBeforeTheCode({ pending: { nonce: 'n-2' } }, 'id-token-nonce');
});

it('refuses another consent than the pending one before the code is used', async () => {
  await bank.refusesBeforeTheCode({ pending: { consentId: 'consent-2' } }, 'id-token-consent');
});

it('leaves pending what it refuses, so that the customer need not be asked again', async () => {
  const wrongAlgorithm = { idTokenAlgorithm: 'ES256' };
  await bank.refusesBeforeTheCode(
    { pending: {}, credential: wrongAlgorithm },
    'id-token-algorithm',
  );
  bank.behave({});
  expect(await bank.exchangePending(bank.lastRedirect)).toMatchObject({
    code: undefined,
    used: { grants: 1, accessTokens: 1 },
  });
});

it('accepts tokens without ID token where none was asked for', async () => {
  await bank.accepts({
    redirect: 'code',
    pending: { responseType: 'code', nonce: undefined, consentId: undefined },
    credential: { scope: 'accounts' },
    tokenResponse: { id_token: undefined, scope: 'accounts' },
  });
});
