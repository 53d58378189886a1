import { HOUR, MINUTE, SECOND } from '../../support/clock';
import { elsewhere, passTime } from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { json, PAGE, raw } from '../../support/bank/scriptedBank';
import { invalidGrant, reset, rotated, silent } from '../../support/bank/tokenBank';
import { stored } from './storedTokens';

describe('a refused refresh token', () => {
  it('closes the consent when it is refused again an hour later', async () => {
    const { bank, kept, stateOf } = await stored(-1, invalidGrant);
    const first = await failureOf(kept.valid('c'));
    expect(first).toMatchObject({ code: 'invalid-grant', outcome: 'refused', status: 400 });
    expect(first.description).toContain('"Try Once More"');
    expect(await stateOf()).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('invalid_grant') as string,
    });
    passTime(HOUR);
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'consent-ended' });
    expect(await stateOf()).toMatchObject({ state: 'needs consent' });
    passTime(24 * HOUR);
    expect(await failureOf(elsewhere(bank))).toMatchObject({
      code: 'consent-ended',
      message: expect.stringContaining('invalid_grant') as string,
      outcome: 'not-sent',
    });
    expect(bank.sent).toEqual(['rt', 'rt']);
  });

  it('is counted through other failures', async () => {
    const { bank, kept } = await stored(-1, invalidGrant);
    await failureOf(kept.valid('c'));
    bank.answerWith(json(429, {}));
    passTime(HOUR);
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'too-many-requests' });
    bank.answerWith(invalidGrant);
    passTime(6 * SECOND);
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'consent-ended' });
  });

  it.each([
    ['a lost answer', silent],
    ['a reset', reset],
    ['a success without tokens', json(200, {})],
    ['a gateway that lost the answer', json(504, {})],
  ])('closes the consent at once after %s', async (_, answer) => {
    const { bank, kept, stateOf } = await stored(-1, answer);
    await failureOf(kept.valid('c'));
    bank.answerWith(invalidGrant);
    passTime(6 * SECOND);
    const failure = await failureOf(elsewhere(bank));
    expect(failure).toMatchObject({ code: 'consent-ended', outcome: 'refused' });
    expect(failure.description).toMatch(/^A refresh was sent on .* was lost\./);
    expect(await stateOf()).toMatchObject({ state: 'needs consent' });
  });

  it('does not close the consent at once after a 503, which is an answer', async () => {
    const { bank, kept } = await stored(-1, json(503, {}));
    await failureOf(kept.valid('c'));
    bank.answerWith(invalidGrant);
    passTime(6 * SECOND);
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'invalid-grant' });
  });

  it('is forgotten with new tokens of the bank', async () => {
    const { bank, kept } = await stored(-1, invalidGrant);
    await failureOf(kept.valid('c'));
    bank.answerWith(rotated({ expires_in: 1 }));
    passTime(HOUR);
    await elsewhere(bank);
    bank.answerWith(invalidGrant);
    passTime(HOUR);
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'invalid-grant' });
  });
});

describe('a refusal that cannot be read', () => {
  it('is counted, is tried once an hour, and never closes the consent', async () => {
    const { bank, kept, stateOf } = await stored(-1, raw(403, PAGE, 'text/html'));
    await failureOf(kept.valid('c'));
    for (let count = 2; count <= 5; count++) {
      passTime(HOUR);
      const failure = await failureOf(elsewhere(bank));
      expect(failure).toMatchObject({ code: 'response-unexpected', outcome: 'refused' });
      expect(failure.description).toContain(`${count} times in a row`);
      expect(await stateOf()).toMatchObject({ state: 'refused' });
      passTime(MINUTE);
      await failureOf(elsewhere(bank));
    }
    expect(bank.sent).toHaveLength(5);
  });

  it('closes the consent after a lost answer', async () => {
    const { bank, kept } = await stored(-1, reset);
    await failureOf(kept.valid('c'));
    bank.answerWith(raw(400, ''));
    passTime(6 * SECOND);
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'consent-ended' });
  });
});
