import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the consent that was asked for', async () => {
  await bank.accepts();
});

it('refuses another one in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { openbanking_intent_id: 'consent-2' } } },
    'id-token-consent',
  );
});

it('refuses none in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { openbanking_intent_id: undefined } } },
    'id-token-consent',
  );
});

it('refuses another one from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { openbanking_intent_id: 'consent-2' } } },
    'id-token-consent',
  );
});

it('refuses none at all before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { redirect: 'code', idToken: { claims: { openbanking_intent_id: undefined } } },
    'id-token-consent',
  );
});
