import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const pending = { acrValues: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'] };
const loggedIn = (acr: string) => ({ claims: { acr } });
const strongly = loggedIn('urn:openbanking:psd2:sca');

it('accepts ID tokens with an "acr" that was asked for, or none', async () => {
  await bank.accepts({ pending, redirectIdToken: strongly, idToken: strongly });
  await bank.accepts({ pending });
});

it('rejects an ID token with another "acr" in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { pending, redirectIdToken: loggedIn('0') },
    'id-token-acr',
    '"acr"',
  );
});

it('rejects an ID token with another "acr" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { pending, redirectIdToken: strongly, idToken: loggedIn('0') },
    'id-token-acr',
    '"acr"',
  );
});
