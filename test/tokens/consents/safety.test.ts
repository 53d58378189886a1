import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { failureOf } from '../../support/failure';
import { issuer } from '../../support/bank/idTokens';
import { json, type Answer } from '../../support/bank/scriptedBank';
import {
  idTokenBank,
  invalidGrant,
  refreshedIdToken,
  rotated,
  tokenBank,
  tokensFor,
} from '../../support/bank/tokenBank';
import { anotherProcess, contentIn, passed, pause } from '../../support/stores/consents';
import { away } from '../../support/stores/interference';

const alex = { iss: issuer, sub: 'alex', aud: 'client-1' };
const mallory = { ...alex, sub: 'mallory' };

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
