import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const pending = { requiredClaims: ['acr'] } as const;
const strongly = { claims: { acr: 'urn:brasil:openbanking:loa2' } };

it('accepts ID tokens with any "acr" if one was essential, without values', async () => {
  await bank.accepts({ pending, redirectIdToken: strongly, idToken: strongly });
});

it('accepts an ID token from the token endpoint without "acr" if that of the redirect has it', async () => {
  await bank.accepts({ pending, redirectIdToken: strongly });
});

it('rejects an ID token without an essential "acr" in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode({ pending, idToken: strongly }, 'id-token-acr', '"acr"');
});

it('rejects an ID token with an empty essential "acr" in the redirect before the code is used', async () => {
  const redirectIdToken = { claims: { acr: '' } };
  await bank.refusesBeforeTheCode({ pending, redirectIdToken }, 'id-token-acr', '"acr"');
});

it.each(['code', 'jarm'] as const)(
  'rejects an ID token without an essential "acr" from the token endpoint before the access token is used, after a redirect of the kind "%s"',
  async (redirect) => {
    const asked = { ...pending, responseType: 'code' };
    await bank.refusesBeforeTheAccessToken({ redirect, pending: asked }, 'id-token-acr', '"acr"');
  },
);
