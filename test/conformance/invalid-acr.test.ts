import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();
const pending = { acrValues: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'] };
const loggedIn = (acr: string) => ({ claims: { acr } });
const strongly = loggedIn('urn:openbanking:psd2:sca');

it('accepts a way to log in that was asked for, and none', async () => {
  await bank.accepts({ pending, redirectIdToken: strongly, idToken: strongly });
  await bank.accepts({ pending });
});

it('refuses another one in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode({ pending, redirectIdToken: loggedIn('0') }, 'id-token-acr');
});

it('refuses another one from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { pending, redirectIdToken: strongly, idToken: loggedIn('0') },
    'id-token-acr',
  );
});
