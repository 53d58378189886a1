import { clientKey, misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens without "crit" and "zip" in the header', async () => {
  await bank.accepts();
  await bank.accepts({
    redirectIdToken: { encryptFor: clientKey },
    idToken: { encryptFor: clientKey },
  });
});

describe.each([
  ['a critical extension', '"crit"', { addedHeader: { crit: ['x'], x: 1 } }],
  ['compression', '"zip"', { addedHeader: { zip: 'DEF' } }],
  [
    'a critical extension in the header of its encryption',
    '"crit"',
    { encryptFor: clientKey, addedHeader: { crit: ['x'], x: 1 } },
  ],
  [
    'compression in its encryption',
    '"zip"',
    { encryptFor: clientKey, addedHeader: { zip: 'DEF' } },
  ],
])('rejects an ID token with %s', (_, named, forgery) => {
  it('in the redirect before the code is used', async () => {
    await bank.refusesBeforeTheCode({ redirectIdToken: forgery }, 'jwt-malformed', named);
  });

  it('from the token endpoint before the access token is used', async () => {
    await bank.refusesBeforeTheAccessToken({ idToken: forgery }, 'jwt-malformed', named);
  });
});
