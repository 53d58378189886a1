import { clientKey, misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts headers with what has to be in them', async () => {
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
    'a critical extension of an encrypted one',
    { encryptFor: clientKey, addedHeader: { crit: ['x'], x: 1 } },
  ],
  ['compression of an encrypted one', { encryptFor: clientKey, addedHeader: { zip: 'DEF' } }],
])('refuses %s', (_, forgery) => {
  it('in the redirect before the code is used', async () => {
    await bank.refusesBeforeTheCode({ redirectIdToken: forgery }, 'id-token-malformed');
  });

  it('from the token endpoint before the access token is used', async () => {
    await bank.refusesBeforeTheAccessToken({ idToken: forgery }, 'id-token-malformed');
  });
});
