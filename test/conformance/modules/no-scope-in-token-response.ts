import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts a token response without a scope', async () => {
  await bank.accepts({ tokenResponse: { scope: undefined } });
});

it.each([1, null, ''])('accepts a token response with the scope %j', async (scope) => {
  await bank.accepts({ tokenResponse: { scope } });
});
