import type { StoredRecord } from '../../../core/store/store';
import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { failureOf } from '../../support/failure';
import { issuer } from '../../support/bank/idTokens';
import {
  heldBack,
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

/** Waits until the bank was asked a number of times. */
async function asked(sent: readonly string[], times: number): Promise<void> {
  for (let count = 0; sent.length < times && count < 1000; count++) await pause(5);
  expect(sent).toHaveLength(times);
}

describe('a refresh that is under way', () => {
  it('is not repeated if the tokens of an earlier one pass their check meanwhile', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(3600), { customer: alex }));
    const known = bank.keys;
    bank.keys = [];
    const id_token = await refreshedIdToken();
    const changes = { refresh_token: 'rt', expires_in: 0, id_token };
    bank.answerWith(rotated(changes));
    await kept.valid('c', { refreshNow: true });
    expect((await contentIn(bank))!.refreshed).toBeDefined();

    const { answer, send } = heldBack(rotated({ id_token }));
    bank.answerWith(answer);
    const first = (await anotherProcess(bank)).valid('c', { tryAgain: true, refreshNow: true });
    await asked(bank.sent, 2);
    bank.keys = known;
    const second = (await anotherProcess(bank)).valid('c');
    await pause(500);
    expect(bank.sent).toEqual(['rt', 'rt']);
    send();
    await first;
    expect((await second).tokens.refresh_token).toMatch(/^rt\+/);
    expect(bank.sent).toEqual(['rt', 'rt']);
  });

  it('is waited for by another process', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(-1)));
    const { answer, send } = heldBack(rotated());
    bank.answerWith(answer);
    const first = kept.valid('c');
    await asked(bank.sent, 1);
    const second = (await anotherProcess(bank)).valid('c').catch((error: unknown) => error);
    await pause(300);
    send();
    expect(await second).toMatchObject({
      tokens: { access_token: (await first).tokens.access_token },
    });
    expect(bank.sent).toEqual(['rt']);
  });

  it('is not repeated by others who ask for one more try, if the bank refuses it', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(-1)));
    const { answer, send } = heldBack(invalidGrant);
    bank.answerWith(answer);
    const processes = await Promise.all(Array.from({ length: 4 }, () => anotherProcess(bank)));
    const tries = processes.map((process) => failureOf(process.valid('c', { tryAgain: true })));
    await asked(bank.sent, 1);
    await pause(200);
    send();
    for (const failure of await Promise.all(tries)) {
      expect(failure).toMatchObject({ code: 'invalid-grant' });
    }
    expect(bank.sent).toEqual(['rt']);
    await failureOf(kept.valid('c', { tryAgain: true }));
    expect(bank.sent).toEqual(['rt', 'rt']);
  });
});

describe('tokens of an exchange that cannot be stored now', () => {
  it('are not handed out under the name of another customer', async () => {
    const bank = await tokenBank();
    let isAway = false;
    const kept = await anotherProcess(bank, {
      interference: {
        find: (real, names) => (isAway ? Promise.reject(away()) : real.find(names)),
      },
    });
    await kept.keep('c', passed(tokensFor(3600), { customer: alex }));
    isAway = true;
    const tokens = tokensFor(3600, {
      access_token: 'at-mallory',
      authorization: 'Bearer at-mallory',
      refresh_token: 'rt-m',
    });
    const { isWaiting } = await kept.keep('c', passed(tokens, { customer: mallory }));
    expect(isWaiting).toBe(true);
    const token = await kept.valid('c').catch(() => undefined);
    expect(token?.tokens.access_token).not.toBe('at-mallory');
    isAway = false;
    await pause(400);
    expect((await kept.valid('c')).tokens.access_token).toBe('at-0');
  });

  it('are refreshed under their consent alone, although the store cannot be read', async () => {
    const bank = await tokenBank();
    let isAway = false;
    const gone = () => Promise.reject(away());
    const kept = await anotherProcess(bank, {
      interference: {
        find: (real, names) => (isAway ? gone() : real.find(names)),
        list: (real, ...given) => (isAway ? gone() : real.list(...given)),
      },
    });
    await kept.keep('c', passed(tokensFor(3600)));
    isAway = true;
    const waiting = tokensFor(3600, { access_token: 'at-d', refresh_token: 'rt-d' });
    await kept.keep('d', passed(waiting));
    expect(await kept.consentOf('rt')).toBe('c');
    expect(await kept.consentOf('rt-d')).toBe('d');
    expect(await failureOf(kept.refreshGiven('d', 'rt-d'))).toMatchObject({
      code: 'store-unavailable',
    });
    expect(await failureOf(kept.consentOf('rt-of-nobody'))).toMatchObject({
      code: 'store-unavailable',
    });
    isAway = false;
    await pause(400);
  });

  it('are said not to be stored if the record of their name was changed', async () => {
    const bank = await tokenBank();
    const changed = (record: StoredRecord) => ({
      ...record,
      envelope: record.envelope.map((byte, index) => (index === 50 ? byte ^ 1 : byte)),
    });
    const kept = await anotherProcess(bank, {
      interference: { find: async (real, names) => (await real.find(names)).map(changed) },
    });
    await kept.keep('c', passed(tokensFor(3600)));
    const failedCheck = new OpenBankingError('jwks-unusable', {
      message: 'The ID token cannot be verified',
      outcome: 'received',
    });
    const tokens = tokensFor(3600, { authorization: undefined });
    const result = await kept.keep('c', passed(tokens, { failedCheck }));
    expect(result).toMatchObject({ failedCheck, isWaiting: true });
    expect(result.remarks.join()).toMatch(/not stored: .*"c"/);
  });
});

describe('the end of a consent', () => {
  const ended = async (kept: ConsentTokens, meanwhile: () => Promise<unknown>) => {
    const revoked: unknown[] = [];
    await kept.end('c', async ({ refresh_token: token }) => {
      revoked.push(token);
      await meanwhile();
    });
    return revoked;
  };

  it('leaves the tokens of a consent that the customer gives meanwhile', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(3600)));
    const renewed = tokensFor(3600, {
      access_token: 'at-new',
      authorization: 'Bearer at-new',
      refresh_token: 'rt-new',
    });
    const other = await anotherProcess(bank);
    expect(await ended(kept, () => other.keep('c', passed(renewed)))).toEqual(['rt']);
    expect((await kept.valid('c')).tokens.access_token).toBe('at-new');
  });
});
