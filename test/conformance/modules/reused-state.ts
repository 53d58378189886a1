import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('returns the same tokens if a redirect comes twice, and sends its code once', async () => {
  const { item } = await bank.accepts({ pending: {} });
  const again = await bank.exchangePending(bank.lastRedirect);
  expect(again.item.access_token).toBe(item.access_token);
  expect(again.used.grants).toBe(0);
});

it('rejects a second redirect with a used state before its code is used', async () => {
  await bank.accepts({ pending: {} });
  expect(await bank.exchangePending(await bank.redirect())).toMatchObject({
    code: 'redirect-state-unknown',
    message: expect.stringContaining('"state"') as string,
    used: { grants: 0, accessTokens: 0 },
  });
});

it('rejects a second redirect with a used state before its code is used, even if a person pasted it', async () => {
  const none = { state: '', nonce: '', consentId: '' };
  await bank.accepts({ pending: {} });
  expect(await bank.exchange({ options: none }, { isKnownClient: true })).toMatchObject({
    code: 'redirect-state-unknown',
    message: expect.stringContaining('"state"') as string,
    used: { grants: 0, accessTokens: 0 },
  });
});
