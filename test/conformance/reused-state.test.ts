import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('gives the same answer its tokens again, and sends its code once', async () => {
  const { item } = await bank.accepts({ pending: {} });
  const again = await bank.exchangePending(bank.lastRedirect);
  expect(again.item.access_token).toBe(item.access_token);
  expect(again.used.grants).toBe(0);
});

it('refuses another answer with a state that was used before its code is', async () => {
  await bank.accepts({ pending: {} });
  expect(await bank.exchangePending(await bank.redirect())).toMatchObject({
    code: 'redirect-state-unknown',
    used: { grants: 0, accessTokens: 0 },
  });
});

it('refuses it before the code is used even where a person pasted the address', async () => {
  const none = { state: '', nonce: '', consentId: '' };
  await bank.accepts({ pending: {} });
  expect(await bank.exchange({ options: none }, { isKnownClient: true })).toMatchObject({
    code: 'redirect-state-unknown',
    used: { grants: 0, accessTokens: 0 },
  });
});
