import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileOf } from '../../oauth/profile';
import type { BankSettings } from '../../oauth/settings';
import type { TokenSet } from '../../oauth/tokenSet';
import { consentTokensOf } from '../../tokens/consentTokensOf';
import type { KeepingSettings } from '../../tokens/settings';
import { clientCertificate } from '../support/certificates';
import { closeAfterTest } from '../support/closing';
import { failureOf } from '../support/failure';
import {
  startRotatingBank,
  type RotatingBank,
  type RotatingBankOptions,
} from '../support/rotatingBank';

let folder: string;
const before = process.env.N8N_USER_FOLDER;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-banking-tokens-'));
  process.env.N8N_USER_FOLDER = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env.N8N_USER_FOLDER;
  else process.env.N8N_USER_FOLDER = before;
  rmSync(folder, { recursive: true, force: true });
});

async function rotatingBank(options: RotatingBankOptions = {}): Promise<RotatingBank> {
  const bank = await startRotatingBank(options);
  closeAfterTest(() => bank.close());
  return bank;
}

type Changes = BankSettings & KeepingSettings;

/** The kept tokens, as of a process that has nothing in memory yet: other timeouts make it another profile. */
let processes = 0;
async function inAnotherProcess({ settings }: RotatingBank, changes: Changes = {}) {
  const all = { ...settings, connectTimeout: 10 + ++processes / 1000, ...changes };
  return consentTokensOf(await profileOf(all), all);
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

const tokensOf = (accessToken: string, changes: Partial<TokenSet> = {}): TokenSet => ({
  access_token: accessToken,
  authorization: `Bearer ${accessToken}`,
  obtained_at: new Date().toISOString(),
  expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  refresh_token_rotated: false,
  ...changes,
});

/** Tokens of a new consent whose access token has expired. */
const expired = (bank: RotatingBank, consent: string): TokenSet =>
  tokensOf(`at-${consent}-0`, {
    refresh_token: bank.consent(consent),
    expires_at: new Date(Date.now() - 1000).toISOString(),
  });

describe('a kept token', () => {
  it('is handed out as long as it is valid, to other processes, too', async () => {
    const bank = await rotatingBank();
    await (await inAnotherProcess(bank)).keep('c', tokensOf('at-1'));
    const kept = await inAnotherProcess(bank);
    expect((await kept.valid('c')).tokens.access_token).toBe('at-1');
    // From memory.
    expect((await kept.valid('c')).tokens.access_token).toBe('at-1');
    expect(bank.refreshes()).toBe(0);
  });

  it('is refreshed once it does not live on long enough, and kept', async () => {
    const bank = await rotatingBank();
    const kept = await inAnotherProcess(bank);
    const soon = {
      obtained_at: new Date(Date.now() - 3_600_000).toISOString(),
      expires_at: new Date(Date.now() + 30_000).toISOString(),
    };
    await kept.keep('c', tokensOf('at-1', { refresh_token: bank.consent('c'), ...soon }));
    expect((await kept.valid('c', { margin: 10_000 })).tokens.access_token).toBe('at-1');
    expect((await kept.valid('c')).tokens).toMatchObject({
      access_token: 'at-c-1',
      authorization: 'Bearer at-c-1',
      refresh_token: 'rt-c-1',
    });
    const elsewhere = await inAnotherProcess(bank);
    expect((await elsewhere.valid('c')).tokens.access_token).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('is refreshed once, however many ask', async () => {
    const bank = await rotatingBank({ delay: () => 50 });
    const all = await Promise.all(Array.from({ length: 4 }, () => inAnotherProcess(bank)));
    await all[0]!.keep('c', expired(bank, 'c'));
    const asked = await Promise.all(
      Array.from({ length: 200 }, (_, index) => all[index % 4]!.valid('c')),
    );
    expect(new Set(asked.map(({ tokens }) => tokens.access_token))).toEqual(new Set(['at-c-1']));
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('keeps its refresh token where the bank does', async () => {
    const bank = await rotatingBank({ keeps: true, expiresIn: 1 });
    const kept = await inAnotherProcess(bank);
    await kept.keep('c', expired(bank, 'c'));
    await kept.valid('c');
    await pause(600);
    expect((await (await inAnotherProcess(bank)).valid('c')).tokens.access_token).toBe('at-c-2');
    expect(bank.revoked()).toEqual([]);
  });

  it('is not used with another certificate than the one that it is bound to', async () => {
    const bank = await rotatingBank();
    await (
      await inAnotherProcess(bank)
    ).keep('c', tokensOf('at-c-0', { refresh_token: bank.consent('c') }));
    const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
    const renewed = { transportCertificate: certificate, transportPrivateKey: privateKey };
    const kept = await inAnotherProcess(bank, renewed);
    expect((await kept.valid('c')).tokens.access_token).toBe('at-c-1');
  });

  it('is forgotten', async () => {
    const bank = await rotatingBank();
    const kept = await inAnotherProcess(bank);
    await kept.keep('c', tokensOf('at-1'));
    expect(await kept.forget('c')).toBe(true);
    expect(await kept.forget('c')).toBe(false);
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'consent-unknown' });
  });

  it('is of one bank, client and consent', async () => {
    const bank = await rotatingBank();
    await (await inAnotherProcess(bank)).keep('c', tokensOf('at-1'));
    const other = await inAnotherProcess(bank, { clientId: 'client-2' });
    expect(await failureOf(other.valid('c'))).toMatchObject({ code: 'consent-unknown' });
    const here = await inAnotherProcess(bank);
    expect(await failureOf(here.valid('C'))).toMatchObject({ code: 'consent-unknown' });
  });
});

describe('a first refresh token', () => {
  it('begins what is kept, and is used once', async () => {
    const bank = await rotatingBank({ expiresIn: 1 });
    const firstRefreshToken = bank.consent('c');
    const ask = async () =>
      (await (await inAnotherProcess(bank)).valid('c', { firstRefreshToken })).tokens.access_token;
    expect(await ask()).toBe('at-c-1');
    await pause(600);
    expect(await ask()).toBe('at-c-2');
    expect(bank.revoked()).toEqual([]);
  });

  it('is used once, however many begin with it', async () => {
    const bank = await rotatingBank({ delay: () => 20 });
    const firstRefreshToken = bank.consent('c');
    const all = await Promise.all(Array.from({ length: 4 }, () => inAnotherProcess(bank)));
    await Promise.all(all.map((kept) => kept.valid('c', { firstRefreshToken })));
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('that a person replaced begins anew', async () => {
    const bank = await rotatingBank();
    const kept = await inAnotherProcess(bank);
    await kept.valid('c', { firstRefreshToken: bank.consent('first') });
    const again = await inAnotherProcess(bank);
    const { tokens } = await again.valid('c', { firstRefreshToken: bank.consent('second') });
    expect(tokens.access_token).toBe('at-second-1');
  });

  it('does not replace what an exchange brought', async () => {
    const bank = await rotatingBank();
    const kept = await inAnotherProcess(bank);
    await kept.keep('c', tokensOf('at-1'));
    const firstRefreshToken = bank.consent('old');
    const elsewhere = await inAnotherProcess(bank);
    expect((await elsewhere.valid('c', { firstRefreshToken })).tokens.access_token).toBe('at-1');
    expect(bank.refreshes()).toBe(0);
  });
});

describe('a consent that has ended', () => {
  it('says so, and the bank is not asked again', async () => {
    const bank = await rotatingBank();
    const kept = await inAnotherProcess(bank);
    await kept.keep('c', { ...expired(bank, 'c'), refresh_token: 'rt-c-7' });
    const failure = await failureOf(kept.valid('c'));
    expect(failure).toMatchObject({ code: 'consent-ended', stage: 'store', outcome: 'refused' });
    expect(failure.message).toContain('Persisted access token data not found');
    expect(failure.description).toContain('Ask the customer for consent again');
    bank.consent('c');
    const again = await failureOf((await inAnotherProcess(bank)).valid('c'));
    expect(again).toMatchObject({ code: 'consent-ended', outcome: 'not-sent' });
    expect(bank.revoked()).toEqual([]);
  });

  it('begins again with the tokens of a new consent', async () => {
    const bank = await rotatingBank();
    const kept = await inAnotherProcess(bank);
    await kept.keep('c', { ...expired(bank, 'c'), refresh_token: 'rt-c-7' });
    await failureOf(kept.valid('c'));
    await kept.keep('c', tokensOf('at-1'));
    const elsewhere = await inAnotherProcess(bank);
    expect((await elsewhere.valid('c')).tokens.access_token).toBe('at-1');
  });

  it('also where the bank gave no refresh token', async () => {
    const bank = await rotatingBank();
    const kept = await inAnotherProcess(bank);
    await kept.keep('c', { ...expired(bank, 'c'), refresh_token: undefined });
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'consent-ended' });
  });
});

describe('an answer that is lost', () => {
  /** A refresh ends after 0.6 seconds, so that its outcome may be asked about after as long. */
  const losing = { requestTimeout: 0.3, connectTimeout: 0.3 };
  const aWhile = () => pause(700);

  it('is told, and recovered where the bank accepts the refresh token once more', async () => {
    let delay = 2000;
    const bank = await rotatingBank({ grace: true, delay: () => delay });
    const kept = await inAnotherProcess(bank, losing);
    await kept.keep('c', expired(bank, 'c'));
    const failure = await failureOf(kept.valid('c'));
    expect(failure).toMatchObject({ code: 'refresh-outcome-unknown', outcome: 'unknown' });
    delay = 0;
    await aWhile();
    const next = await inAnotherProcess(bank, { ...losing, connectTimeout: 0.31 });
    const { tokens, remarks } = await next.valid('c');
    expect(tokens.access_token).toBe('at-c-2');
    expect(remarks.join()).toContain('did not end');
    expect((await next.list())[0]).toMatchObject({ state: 'valid' });
  });

  it('ends the consent where the bank does not, and says why', async () => {
    let delay = 2000;
    const bank = await rotatingBank({ delay: () => delay });
    const kept = await inAnotherProcess(bank, losing);
    await kept.keep('c', expired(bank, 'c'));
    await failureOf(kept.valid('c'));
    delay = 0;
    await aWhile();
    const next = await inAnotherProcess(bank, { ...losing, connectTimeout: 0.31 });
    const failure = await failureOf(next.valid('c'));
    expect(failure).toMatchObject({ code: 'consent-ended' });
    expect(failure.description).toMatch(/^A refresh was sent on .* its answer.* was lost\./);
    expect((await next.list())[0]).toMatchObject({ state: 'needs consent' });
  });

  it('is not followed by the same refresh token from all who waited', async () => {
    const bank = await rotatingBank({ delay: () => 1500 });
    const all = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        inAnotherProcess(bank, { requestTimeout: 0.8, connectTimeout: 2 + index / 1000 }),
      ),
    );
    await all[0]!.keep('c', expired(bank, 'c'));
    const failures = await Promise.all(all.map((kept) => failureOf(kept.valid('c'))));
    expect(failures.map(({ code }) => code)).toEqual(failures.map(() => 'refresh-outcome-unknown'));
    expect(failures.filter(({ outcome }) => outcome === 'unknown')).toHaveLength(1);
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('costs nothing where the bank was never reached', async () => {
    const bank = await rotatingBank();
    const kept = await inAnotherProcess(bank, { tokenEndpoint: bank.settings.tokenEndpoint });
    await kept.keep('c', expired(bank, 'c'));
    const { NO_PROXY, no_proxy, HTTPS_PROXY } = process.env;
    Object.assign(process.env, { NO_PROXY: '', no_proxy: '', HTTPS_PROXY: 'http://localhost:1' });
    try {
      expect(await failureOf(kept.valid('c'))).toMatchObject({ outcome: 'not-sent' });
    } finally {
      Object.assign(process.env, { NO_PROXY, no_proxy });
      if (HTTPS_PROXY === undefined) delete process.env.HTTPS_PROXY;
      else process.env.HTTPS_PROXY = HTTPS_PROXY;
    }
    expect((await kept.list())[0]).toMatchObject({ state: 'expiring' });
    const next = await inAnotherProcess(bank);
    expect((await next.valid('c')).tokens.access_token).toBe('at-c-1');
  });
});

describe('the encryption key', () => {
  const [one, two] = ['1'.repeat(32), '2'.repeat(40)];

  it('reads what it wrote, and nothing else does', async () => {
    const bank = await rotatingBank();
    await (await inAnotherProcess(bank, { encryptionKey: one })).keep('c', tokensOf('at-1'));
    const wrong = await inAnotherProcess(bank, { encryptionKey: two });
    expect(await failureOf(wrong.valid('c'))).toMatchObject({ code: 'encryption-key-wrong' });
    await wrong.keep('d', tokensOf('at-2'));
    expect((await wrong.valid('d')).tokens.access_token).toBe('at-2');
  });

  it('is changed by putting the new one in front of the old one', async () => {
    const bank = await rotatingBank({ expiresIn: 3600 });
    const first = await inAnotherProcess(bank, { encryptionKey: one });
    await first.keep('c', expired(bank, 'c'));
    const both = await inAnotherProcess(bank, { encryptionKey: `${two} ${one}` });
    expect((await both.valid('c')).tokens.access_token).toBe('at-c-1');
    const second = await inAnotherProcess(bank, { encryptionKey: two });
    expect((await second.valid('c')).tokens.access_token).toBe('at-c-1');
  });

  it('may be filled in later', async () => {
    const bank = await rotatingBank();
    await (await inAnotherProcess(bank)).keep('c', tokensOf('at-1'));
    const later = await inAnotherProcess(bank, { encryptionKey: one });
    expect((await later.valid('c')).tokens.access_token).toBe('at-1');
  });

  it('is no short word', async () => {
    const bank = await rotatingBank();
    expect(await failureOf(inAnotherProcess(bank, { encryptionKey: 'secret' }))).toMatchObject({
      code: 'setting-malformed',
    });
  });
});

it('warns where the schedule is slower than the refresh token lives', async () => {
  const bank = await rotatingBank({ refreshExpiresIn: 86_400 });
  const kept = await inAnotherProcess(bank);
  const obtained_at = new Date(Date.now() - 23 * 3_600_000).toISOString();
  await kept.keep('c', { ...expired(bank, 'c'), obtained_at });
  const { remarks } = await kept.valid('c');
  expect(remarks.join()).toMatch(/refreshed after 23\.0 hours, .* lives 24\.0 hours/);
  expect((await kept.list())[0]!.refresh_token_expires_at).toBeDefined();
});

it('lists what is kept without any secret', async () => {
  const bank = await rotatingBank();
  const kept = await inAnotherProcess(bank);
  await kept.keep('b', tokensOf('secret-at', { refresh_token: 'secret-rt' }));
  await kept.keep('a', expired(bank, 'a'));
  const listed = await kept.list();
  expect(listed).toEqual([
    expect.objectContaining({ consent: 'a', state: 'expiring' }),
    {
      consent: 'b',
      state: 'valid',
      bank: bank.settings.tokenEndpoint,
      client_id: 'client-1',
      expires_at: expect.any(String),
      refreshed_at: expect.any(String),
      certificate_thumbprint: expect.stringMatching(/^[\w-]{43}$/),
    },
  ]);
  expect(JSON.stringify(listed)).not.toContain('secret');
});
