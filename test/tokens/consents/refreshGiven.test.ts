import { HOUR, SECOND } from '../../support/clock';
import { anotherProcess, contentIn, passed, passTime } from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { issuer } from '../../support/bank/idTokens';
import { json } from '../../support/bank/scriptedBank';
import {
  idTokenBank,
  refreshedIdToken,
  rotated,
  tokenBank,
  tokensFor,
} from '../../support/bank/tokenBank';

/** A bank, and a process that has stored the tokens of an exchange. */
async function afterExchange() {
  const bank = await tokenBank();
  const kept = await anotherProcess(bank);
  await kept.keep('c', passed(tokensFor(600)), { consentId: 'consent-7' });
  return { bank, kept };
}

describe('a refresh token that is given by hand', () => {
  it('is recognized under its consent, and the record follows its refresh', async () => {
    const { bank, kept } = await afterExchange();
    expect(await kept.consentOf('rt')).toBe('c');
    const { tokens, remarks, consentId } = await kept.refreshGiven('c', ' rt ');
    expect(tokens).toMatchObject({ refresh_token: expect.stringMatching(/^rt\+/) as string });
    expect(remarks).toEqual([]);
    expect(consentId).toBe('consent-7');
    const next = await anotherProcess(bank);
    expect((await next.valid('c')).tokens.access_token).toBe(tokens.access_token);
    // By the same process at once, and by others.
    for (const process of [kept, next]) {
      expect(await process.consentOf(tokens.refresh_token!)).toBe('c');
    }
    expect(bank.sent).toEqual(['rt']);
  });

  it('is not sent if it was replaced since; the stored tokens are returned with a remark', async () => {
    const { bank, kept } = await afterExchange();
    const former = ['rt'];
    for (let count = 0; count < 4; count++) {
      const { tokens } = await kept.valid('c', { refreshNow: true });
      former.push(tokens.refresh_token!);
    }
    const current = former.pop();
    const next = await anotherProcess(bank);
    for (const token of former) {
      expect(await next.consentOf(token)).toBe('c');
      const { tokens, remarks } = await next.refreshGiven('c', token);
      expect(tokens.refresh_token).toBe(current);
      expect(remarks.join()).toContain('was replaced since: it was not sent');
    }
    expect(bank.sent).toEqual(former);
  });

  it('is not sent if it was replaced since, and the access token has expired: the stored one is', async () => {
    const { bank, kept } = await afterExchange();
    await kept.refreshGiven('c', 'rt');
    passTime(2 * HOUR);
    const { tokens } = await (await anotherProcess(bank)).refreshGiven('c', 'rt');
    expect(Date.parse(tokens.expires_at!)).toBeGreaterThan(Date.now());
    expect(bank.sent).toEqual(['rt', expect.stringMatching(/^rt\+/)]);
  });

  it('is sent once by 50 items and two processes', async () => {
    const { bank, kept } = await afterExchange();
    bank.answerWith((...given) => {
      setTimeout(() => rotated()(...given), 50).unref();
    });
    const other = await anotherProcess(bank);
    const asked = await Promise.all(
      Array.from({ length: 50 }, (_, item) => (item % 2 ? kept : other).refreshGiven('c', 'rt')),
    );
    expect(new Set(asked.map(({ tokens }) => tokens.access_token)).size).toBe(1);
    expect(bank.sent).toEqual(['rt']);
  });

  it('is not sent during a pause that the bank asked for', async () => {
    const { bank, kept } = await afterExchange();
    bank.answerWith(json(503, {}));
    for (let count = 0; count < 3; count++) {
      const { tokens, remarks } = await kept.refreshGiven('c', 'rt');
      expect(tokens.access_token).toBe('at-0');
      expect(remarks.join()).toContain('status 503');
    }
    expect(bank.sent).toEqual(['rt']);
    passTime(6 * SECOND);
    bank.answerWith(rotated());
    expect((await kept.refreshGiven('c', 'rt')).tokens.access_token).not.toBe('at-0');
  });

  it.each([true, false])(
    'is not sent if its tokens did not pass their check (with earlier tokens: %p)',
    async (isRenewal) => {
      const { bank, kept } = await afterExchange();
      if (!isRenewal) await kept.forget('c');
      const renewed = tokensFor(600, { access_token: 'at-new', refresh_token: 'rt-new' });
      await kept.receive('c', renewed, { nonce: 'n-1' });
      const next = await anotherProcess(bank);
      expect(await next.consentOf('rt-new')).toBe('c');
      expect(await failureOf(next.refreshGiven('c', 'rt-new'))).toMatchObject({
        code: 'id-token-binding',
        outcome: 'received',
      });
      expect(await failureOf(next.refreshGiven('d', 'rt-new'))).toMatchObject({
        code: 'consent-unknown',
      });
      expect(bank.sent).toEqual([]);
    },
  );

  it('is sent if its tokens pass when they are checked again', async () => {
    const { bank, kept } = await afterExchange();
    const renewed = tokensFor(600, { access_token: 'at-new', refresh_token: 'rt-new' });
    await kept.receive('c', renewed, {});
    const { tokens } = await kept.refreshGiven('c', 'rt-new');
    expect(tokens.refresh_token).toMatch(/^rt-new\+/);
    expect(bank.sent).toEqual(['rt-new']);
  });

  it('ends in the error of the check if its refresh brings another customer', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    const customer = { iss: issuer, sub: 'alex', aud: 'client-1' };
    await kept.keep('c', passed(tokensFor(600), { customer }));
    bank.answerWith(rotated({ id_token: await refreshedIdToken({ claims: { sub: 'mallory' } }) }));
    for (let count = 0; count < 2; count++) {
      expect(await failureOf(kept.refreshGiven('c', 'rt'))).toMatchObject({
        code: 'id-token-subject',
      });
    }
    expect((await kept.valid('c')).tokens.access_token).toBe('at-0');
    expect(bank.sent).toEqual(['rt']);
  });

  it('is remembered for five refreshes, as a digest', async () => {
    const { bank, kept } = await afterExchange();
    for (let count = 0; count < 7; count++) await kept.valid('c', { refreshNow: true });
    const { former } = (await contentIn(bank))!;
    expect(former).toHaveLength(5);
    expect(JSON.stringify(former)).not.toContain('rt');
  });
});
