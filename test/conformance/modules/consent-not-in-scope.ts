import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const pending = { consentNamedBy: 'scope', consentScope: 'consent:consent-1' } as const;
// Banks that name the consent in the scope send no claim for it.
const unnamed = { claims: { openbanking_intent_id: undefined } };
const good = { pending, redirectIdToken: unnamed, idToken: unnamed };
const granting = (scope: string | undefined) => ({ ...good, tokenResponse: { scope } });

it('accepts a granted scope that names the consent, and asks the token endpoint for no other', async () => {
  const { item } = await bank.accepts(granting('accounts consent:consent-1 openid'));
  expect(item.consent_id).toBe('consent-1');
  expect(bank.tokenRequest.scope).toBe('openid accounts consent:consent-1');
});

it('accepts a token response without a scope, which is then the one that was asked for', async () => {
  await bank.accepts(granting(undefined));
});

it.each([
  ['another consent', 'openid accounts consent:consent-2'],
  ['no consent', 'openid accounts'],
  ['a consent whose ID begins with the one that was asked for', 'openid consent:consent-12'],
])('rejects a granted scope with %s before the access token is used', async (_, scope) => {
  await bank.refusesBeforeTheAccessToken(
    granting(scope),
    'id-token-consent',
    `The bank granted the scope "${scope}", without the consent that the customer was asked for ("consent:consent-1")`,
  );
});

it('never uses the tokens of another consent, also if they are kept and asked for later', async () => {
  const name = 'named in the scope';
  await bank.exchange({
    ...granting('openid consent:consent-2'),
    options: { keepForConsent: name },
  });
  expect(await bank.stored(name)).toMatchObject({
    code: 'id-token-consent',
    used: { grants: 0, accessTokens: 0 },
  });
});

it('compares nothing if the request did not name the consent', async () => {
  const redirectIdToken = { claims: { openbanking_intent_id: 'consent-2' } };
  const asked = { consentNamedBy: 'nothing' } as const;
  const { item } = await bank.accepts({ ...good, pending: asked, redirectIdToken });
  expect(item.consent_id).toBe('consent-1');
});
