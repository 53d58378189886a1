import { HOUR } from '../../support/clock';
import {
  anotherProcess,
  contentIn,
  elsewhere,
  passed,
  passTime,
} from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { accessToken } from '../../support/bank/idTokens';
import {
  idTokenBank,
  invalidGrant,
  rotated,
  tokenBank,
  tokensFor,
} from '../../support/bank/tokenBank';
import { exchanged, expected, failed } from './exchangedTokens';

describe('storing the same tokens again', () => {
  it('stores them if the consent has ended or was refused', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    const tokens = tokensFor(40);
    await kept.keep('c', passed(tokens));
    for (let round = 0; round < 2; round++) {
      bank.answerWith(invalidGrant);
      await failureOf(kept.valid('c'));
      await kept.keep('c', passed(tokens));
      expect((await kept.list())[0]).toMatchObject({ state: 'expiring' });
      await failureOf((await anotherProcess(bank)).valid('c'));
      passTime(HOUR);
      await failureOf((await anotherProcess(bank)).valid('c'));
      expect((await kept.list())[0]).toMatchObject({ state: 'needs consent' });
      await kept.keep('c', passed(tokens));
    }
    bank.answerWith(rotated());
    expect((await elsewhere(bank)).token).not.toBe('at-0');
  });

  it('stores them if they expire later', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(100)));
    const longer = tokensFor(1000);
    await kept.keep('c', passed(longer));
    expect((await kept.list())[0]!.expires_at).toBe(longer.expires_at);
    await kept.keep('c', passed(tokensFor(100)));
    expect((await kept.list())[0]!.expires_at).toBe(longer.expires_at);
  });

  it('does not bring back a refresh token that was replaced', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    const tokens = tokensFor(-1);
    await kept.keep('c', passed(tokens));
    await kept.valid('c');
    await kept.receive('c', tokens, {});
    await kept.keep(
      'c',
      passed({ ...tokens, expires_at: new Date(Date.now() + 9e6).toISOString() }),
    );
    const { tokens: stored, renewed } = (await contentIn(bank))!;
    expect(stored!.refresh_token).toMatch(/^rt\+/);
    expect(renewed).toBeUndefined();
  });

  it('does not undo that they passed', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    const tokens = await exchanged();
    await kept.receive('c', tokens, expected);
    await kept.keep('c', failed(tokens));
    expect((await elsewhere(bank)).token).toBe(accessToken);
    // n8n runs the node again, and the memory of used grants gives the same result.
    await kept.receive('c', tokens, expected);
    await kept.keep('c', failed(tokens));
    expect((await elsewhere(bank)).token).toBe(accessToken);
    expect((await contentIn(bank))!.renewed).toBeUndefined();
  });
});
