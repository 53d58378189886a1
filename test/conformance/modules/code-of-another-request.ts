import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const pending = { responseType: 'code' };

it('returns no tokens for a code that was exchanged for another request', async () => {
  const { item } = await bank.accepts({ redirect: 'code', pending });
  const code = new URL(bank.lastRedirect).searchParams.get('code')!;
  const options = { keepForConsent: 'consent-2' };
  const injected = await bank.exchange(
    {
      redirect: 'code',
      options,
      parameters: { code, state: 's-2' },
      pending: { ...pending, state: 's-2', nonce: 'n-2', consentId: 'consent-2' },
    },
    { isKnownClient: true },
  );
  expect(injected).toMatchObject({
    code: 'code-of-another-request',
    used: { grants: 0, accessTokens: 0 },
  });
  expect(JSON.stringify(injected.item)).not.toContain(item.refresh_token);
});
