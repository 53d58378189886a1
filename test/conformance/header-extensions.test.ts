import { clientKey, misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens without "crit" and "zip" in the header', async () => {
  await bank.accepts();
  await bank.accepts({
    redirectIdToken: { encryptFor: clientKey },
    idToken: { encryptFor: clientKey },
  });
});

describe.each([
  ['a critical extension', { addedHeader: { crit: ['x'], x: 1 } }],
  ['compression', { addedHeader: { zip: 'DEF' } }],
  [
    'a critical extension in the header of its encryption',
    { encryptFor: clientKey, addedHeader: { crit: ['x'], x: 1 } },
  ],
  ['compression in its encryption', { encryptFor: clientKey, addedHeader: { zip: 'DEF' } }],
])('rejects an ID token with %s', (_, forgery) => {
  it('in the redirect before the code is used', async () => {
    await bank.refusesBeforeTheCode({ redirectIdToken: forgery }, 'jwt-malformed');
  });

  it('from the token endpoint before the access token is used', async () => {
    await bank.refusesBeforeTheAccessToken({ idToken: forgery }, 'jwt-malformed');
  });
});
