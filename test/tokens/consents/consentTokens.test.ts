import { clientCertificate } from '../../support/keys/certificates';
import {
  anotherProcess,
  expired,
  pause,
  rotatingBank,
  tokensOf,
  passed,
  passTime,
} from '../../support/stores/consents';
import { HOUR } from '../../support/clock';
import { failureOf } from '../../support/failure';

describe('a stored token', () => {
  it('is returned to every process while it is valid', async () => {
    const bank = await rotatingBank();
    await (await anotherProcess(bank)).keep('c', passed(tokensOf('at-1')));
    const kept = await anotherProcess(bank);
    expect((await kept.valid('c')).tokens.access_token).toBe('at-1');
    // From memory.
    expect((await kept.valid('c')).tokens.access_token).toBe('at-1');
    expect(bank.refreshes()).toBe(0);
  });

  it('is refreshed if it expires within the margin, and the new one is stored', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    const soon = {
      obtained_at: new Date(Date.now() - 3_600_000).toISOString(),
      expires_at: new Date(Date.now() + 30_000).toISOString(),
    };
    await kept.keep('c', passed(tokensOf('at-1', { refresh_token: bank.consent('c'), ...soon })));
    expect((await kept.valid('c', { margin: 10_000 })).tokens.access_token).toBe('at-1');
    expect((await kept.valid('c')).tokens).toMatchObject({
      access_token: 'at-c-1',
      authorization: 'Bearer at-c-1',
      refresh_token: 'rt-c-1',
    });
    const elsewhere = await anotherProcess(bank);
    expect((await elsewhere.valid('c')).tokens.access_token).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('is refreshed once for 200 callers in 4 processes', async () => {
    const bank = await rotatingBank({ delay: () => 50 });
    const all = await Promise.all(Array.from({ length: 4 }, () => anotherProcess(bank)));
    await all[0]!.keep('c', passed(expired(bank, 'c')));
    const asked = await Promise.all(
      Array.from({ length: 200 }, (_, index) => all[index % 4]!.valid('c')),
    );
    expect(new Set(asked.map(({ tokens }) => tokens.access_token))).toEqual(new Set(['at-c-1']));
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('keeps its refresh token if the bank does not rotate it', async () => {
    const bank = await rotatingBank({ keeps: true, expiresIn: 1 });
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(expired(bank, 'c')));
    await kept.valid('c');
    await pause(1100);
    expect((await (await anotherProcess(bank)).valid('c')).tokens.access_token).toBe('at-c-2');
    expect(bank.revoked()).toEqual([]);
  });

  it('is refreshed if the client certificate is not the one that it is bound to', async () => {
    const bank = await rotatingBank();
    await (
      await anotherProcess(bank)
    ).keep('c', passed(tokensOf('at-c-0', { refresh_token: bank.consent('c') })));
    const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
    const renewed = { transportCertificate: certificate, transportPrivateKey: privateKey };
    const kept = await anotherProcess(bank, { settings: renewed });
    expect((await kept.valid('c')).tokens.access_token).toBe('at-c-1');
  });

  it('is not found after it was forgotten', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensOf('at-1')));
    expect(await kept.forget('c')).toBe(true);
    expect(await kept.forget('c')).toBe(false);
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'consent-unknown' });
  });

  it('is not found for another client or another consent', async () => {
    const bank = await rotatingBank();
    await (await anotherProcess(bank)).keep('c', passed(tokensOf('at-1')));
    const other = await anotherProcess(bank, { settings: { clientId: 'client-2' } });
    expect(await failureOf(other.valid('c'))).toMatchObject({ code: 'consent-unknown' });
    const here = await anotherProcess(bank);
    expect(await failureOf(here.valid('C'))).toMatchObject({ code: 'consent-unknown' });
  });
});

describe('a first refresh token', () => {
  it('is used once, and the stored refresh token after that', async () => {
    const bank = await rotatingBank({ expiresIn: 1 });
    const firstRefreshToken = bank.consent('c');
    const ask = async () =>
      (await (await anotherProcess(bank)).valid('c', { firstRefreshToken })).tokens.access_token;
    expect(await ask()).toBe('at-c-1');
    await pause(1100);
    expect(await ask()).toBe('at-c-2');
    expect(bank.revoked()).toEqual([]);
  });

  it('is used once if 4 processes start with it', async () => {
    const bank = await rotatingBank({ delay: () => 20 });
    const firstRefreshToken = bank.consent('c');
    const all = await Promise.all(Array.from({ length: 4 }, () => anotherProcess(bank)));
    await Promise.all(all.map((kept) => kept.valid('c', { firstRefreshToken })));
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('is used if another one was used before it', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.valid('c', { firstRefreshToken: bank.consent('first') });
    const again = await anotherProcess(bank);
    const { tokens } = await again.valid('c', { firstRefreshToken: bank.consent('second') });
    expect(tokens.access_token).toBe('at-second-1');
  });

  it('does not replace the tokens of an exchange', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensOf('at-1')));
    const firstRefreshToken = bank.consent('old');
    const elsewhere = await anotherProcess(bank);
    expect((await elsewhere.valid('c', { firstRefreshToken })).tokens.access_token).toBe('at-1');
    expect(bank.refreshes()).toBe(0);
  });
});

describe('a consent that has ended', () => {
  it('fails with consent-ended, and the bank is not asked again', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed({ ...expired(bank, 'c'), refresh_token: 'rt-c-7' }));
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'refresh-token-unknown' });
    passTime(HOUR);
    const failure = await failureOf(kept.valid('c'));
    expect(failure).toMatchObject({ code: 'consent-ended', stage: 'store', outcome: 'refused' });
    expect(failure.message).toContain('Persisted access token data not found');
    expect(failure.description).toContain('Ask the customer for consent again');
    bank.consent('c');
    passTime(HOUR);
    const again = await failureOf((await anotherProcess(bank)).valid('c'));
    expect(again).toMatchObject({ code: 'consent-ended', outcome: 'not-sent' });
    expect(again.message).toContain('Persisted access token data not found');
    expect(bank.revoked()).toEqual([]);
  });

  it('is replaced by a new consent with its tokens', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed({ ...expired(bank, 'c'), refresh_token: 'rt-c-7' }));
    await failureOf(kept.valid('c'));
    await kept.keep('c', passed(tokensOf('at-1')));
    const elsewhere = await anotherProcess(bank);
    expect((await elsewhere.valid('c')).tokens.access_token).toBe('at-1');
  });

  it('fails with consent-ended if the access token expired and there is no refresh token', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed({ ...expired(bank, 'c'), refresh_token: undefined }));
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'consent-ended' });
  });
});

it('warns if the time between two refreshes is close to the lifetime of the refresh token', async () => {
  const bank = await rotatingBank({ refreshExpiresIn: 86_400 });
  const kept = await anotherProcess(bank);
  const obtained_at = new Date(Date.now() - 23 * 3_600_000).toISOString();
  await kept.keep('c', passed({ ...expired(bank, 'c'), obtained_at }));
  const { remarks } = await kept.valid('c');
  expect(remarks.join()).toMatch(/refreshed after 23\.0 hours, .* lives 24\.0 hours/);
  expect((await kept.list())[0]!.refresh_token_expires_at).toBeDefined();
});
