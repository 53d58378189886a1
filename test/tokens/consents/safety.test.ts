import { tokenBank, tokensFor } from '../../support/bank/tokenBank';
import { anotherProcess, passed } from '../../support/stores/consents';

describe('tokens that passed', () => {
  it('are usable if their access token has expired, and they have no "authorization"', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(-1, { authorization: undefined })));
    expect((await (await anotherProcess(bank)).valid('c')).tokens.authorization).toMatch(
      /^Bearer at-/,
    );
    expect(bank.sent).toEqual(['rt']);
  });
});
