import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens with the consent that was asked for', async () => {
  await bank.accepts();
});

it('rejects an ID token with another consent in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { openbanking_intent_id: 'consent-2' } } },
    'id-token-consent',
    '"openbanking_intent_id"',
  );
});

it('rejects an ID token without a consent in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { openbanking_intent_id: undefined } } },
    'id-token-consent',
    '"openbanking_intent_id"',
  );
});

it('rejects an ID token with another consent from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { openbanking_intent_id: 'consent-2' } } },
    'id-token-consent',
    '"openbanking_intent_id"',
  );
});

it('rejects an ID token without a consent from the token endpoint before the access token is used, if the redirect had no ID token', async () => {
  await bank.refusesBeforeTheAccessToken(
    { redirect: 'code', idToken: { claims: { openbanking_intent_id: undefined } } },
    'id-token-consent',
    '"openbanking_intent_id"',
  );
});
