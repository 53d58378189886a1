import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a refreshed ID token with the same "sub"', async () => {
  const first = await bank.accepts();
  const second = await bank.refresh(first);
  expect(second).toMatchObject({ code: undefined, used: { grants: 1, accessTokens: 1 } });
  expect(second.item.refresh_token_rotated).toBe(true);
});

it('rejects a refreshed ID token with another "sub" before the access token is used', async () => {
  const second = await bank.refresh(await bank.accepts(), {
    idToken: { claims: { sub: 'robin' } },
  });
  expect(second).toMatchObject({
    code: 'id-token-subject',
    message: expect.stringContaining('"sub"') as string,
    item: { refresh_token: expect.any(String) as string, refresh_token_rotated: true },
    used: { grants: 1, accessTokens: 0 },
  });
});
