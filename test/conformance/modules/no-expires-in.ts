import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a token response without "expires_in"', async () => {
  await bank.accepts({ tokenResponse: { expires_in: undefined } });
});

it.each([0, -1, 'soon', null])('accepts a token response with "expires_in" %j', async (expires) => {
  await bank.accepts({ tokenResponse: { expires_in: expires } });
});
