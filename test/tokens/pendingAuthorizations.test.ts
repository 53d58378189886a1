import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import type { PendingAuthorization } from '../../core/tokens/pendingAuthorizations';
import type { KeepingSettings } from '../../core/tokens/settings';
import { clientCertificate, generatePrivateKey } from '../support/keys/certificates';
import { failureOf } from '../support/failure';

const before = process.env.N8N_USER_FOLDER;
const folder = mkdtempSync(join(tmpdir(), 'open-banking-pending-'));
let settings: BankSettings & KeepingSettings;

beforeAll(async () => {
  process.env.N8N_USER_FOLDER = folder;
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
  settings = {
    host: 'is.bank.example',
    clientId: 'client-1',
    transportCertificate: certificate,
    transportPrivateKey: privateKey,
  };
});
afterAll(() => {
  if (before === undefined) delete process.env.N8N_USER_FOLDER;
  else process.env.N8N_USER_FOLDER = before;
  rmSync(folder, { recursive: true, force: true });
});

async function pendingOf(changes: BankSettings & KeepingSettings = {}) {
  const all = { ...settings, ...changes };
  return openPendingAuthorizations(await clientOf(all), all);
}

const authorization = (state: string): PendingAuthorization => ({
  state,
  nonce: `nonce-of-${state}`,
  codeVerifier: `verifier-of-${state}`,
  consentId: 'consent-1',
  redirectUri: 'https://app.example/redirect',
  responseType: 'code id_token',
});

/** Executes a statement in the SQLite file, without the store. */
function edit(statement: string): void {
  const database = new DatabaseSync(join(folder, '.n8n', 'open-banking-tokens.sqlite'));
  database.exec(statement);
  database.close();
}

it('is found by the next key of the credential if it was stored with the first one, and the other way round', async () => {
  const { certificate, privateKey } = await clientCertificate({ key: generatePrivateKey('rsa') });
  const exchanging = (nextKeysFrom: string) =>
    pendingOf({
      exchangeKeys: true,
      nextKeysFrom,
      nextTransportCertificate: certificate,
      nextTransportPrivateKey: privateKey,
    });
  const [before, after] = [await exchanging('2099-01-01'), await exchanging('2020-01-01')];
  await before.keep(authorization('exchange-1'));
  await after.keep(authorization('exchange-2'));
  expect(await after.find('exchange-1')).toEqual(authorization('exchange-1'));
  expect(await before.find('exchange-2')).toEqual(authorization('exchange-2'));
});

it('a pending authorization is found unchanged, and can be received once', async () => {
  const pending = await pendingOf();
  await pending.keep(authorization('s-1'));
  expect(await pending.find('s-2')).toBeUndefined();
  expect(await pending.receive('s-2')).toBe(false);
  expect(await pending.find('s-1')).toEqual(authorization('s-1'));
  expect(await pending.receive('s-1')).toBe(true);
  expect(await pending.receive('s-1')).toBe(false);
  expect(await pending.find('s-1')).toEqual(authorization('s-1'));
});

it('a pending authorization is found by another process', async () => {
  await (await pendingOf()).keep(authorization('s-3'));
  // Other timeouts make another profile, as in another process.
  expect(await (await pendingOf({ requestTimeout: 29 })).find('s-3')).toMatchObject({
    nonce: 'nonce-of-s-3',
  });
});

it('a pending authorization is not found for another client or another bank', async () => {
  await (await pendingOf()).keep(authorization('s-4'));
  expect(await (await pendingOf({ clientId: 'client-2' })).find('s-4')).toBeUndefined();
  expect(await (await pendingOf({ host: 'is.other.example' })).find('s-4')).toBeUndefined();
  expect(await (await pendingOf()).find('s-4')).toMatchObject({ state: 's-4' });
});

it('a pending authorization expires after ten minutes', async () => {
  const pending = await pendingOf();
  await pending.keep(authorization('early'));
  edit('UPDATE pending_authorizations SET kept_until = kept_until - 590000');
  expect(await pending.find('early')).toMatchObject({ state: 'early' });
  await pending.keep(authorization('late'));
  edit('UPDATE pending_authorizations SET kept_until = kept_until - 600000');
  expect(await pending.find('late')).toBeUndefined();
});

it.each(['', 'x'.repeat(1_000_000), '\0', '\ud800'])(
  'no pending authorization is found for an empty, long or malformed state',
  async (state) => {
    expect(await (await pendingOf()).find(state)).toBeUndefined();
  },
);

it('a pending authorization cannot be decrypted under another state', async () => {
  const pending = await pendingOf();
  edit('DELETE FROM pending_authorizations');
  await pending.keep(authorization('victim'));
  edit('CREATE TABLE stolen AS SELECT envelope FROM pending_authorizations');
  edit('DELETE FROM pending_authorizations');
  await pending.keep(authorization('attacker'));
  edit('UPDATE pending_authorizations SET envelope = (SELECT envelope FROM stolen)');
  const failure = await failureOf(pending.find('attacker'));
  expect(failure).toMatchObject({ code: 'record-damaged', stage: 'store', outcome: 'not-sent' });
  expect(failure.description).toContain('new authorization URL');
});

describe('a pending authorization of another key', () => {
  const [one, two] = ['1'.repeat(32), '2'.repeat(32)];

  it('is not found, received or taken, and stays for its owner', async () => {
    const owner = await pendingOf({ encryptionKey: one });
    const { certificate, privateKey } = await clientCertificate({ key: generatePrivateKey('rsa') });
    const other = await pendingOf({
      transportCertificate: certificate,
      transportPrivateKey: privateKey,
    });
    await owner.keep(authorization('s-5'));
    expect(await other.find('s-5')).toBeUndefined();
    expect(await other.receive('s-5')).toBe(false);
    expect(await other.take('s-5', 'answer')).toBe(false);
    expect(await owner.receive('s-5')).toBe(true);
    expect(await owner.take('s-5', 'answer')).toBe(true);
  });

  it('does not hide the one that the owner keeps under the same state', async () => {
    await (await pendingOf({ encryptionKey: two })).keep(authorization('planted'));
    const owner = await pendingOf({ encryptionKey: one });
    await owner.keep({ ...authorization('planted'), consentId: 'own' });
    expect(await owner.find('planted')).toMatchObject({ consentId: 'own' });
  });

  it('is found if the key is a later one of the credential', async () => {
    await (await pendingOf({ encryptionKey: one })).keep(authorization('s-12'));
    const both = await pendingOf({ encryptionKey: `${two} ${one}` });
    expect(await both.receive('s-12')).toBe(true);
    expect(await both.take('s-12', 'answer')).toBe(true);
  });
});

it('the store contains no part of a pending authorization in the clear', async () => {
  const pending = await pendingOf();
  await pending.keep(authorization('secret-state'));
  const files = readdirSync(join(folder, '.n8n')).map((file) =>
    readFileSync(join(folder, '.n8n', file)),
  );
  for (const secret of ['secret-state', 'nonce-of', 'verifier-of', 'consent-1']) {
    expect(files.some((content) => content.includes(secret))).toBe(false);
  }
});

describe('taking a pending authorization for an exchange', () => {
  it('succeeds once after it was received', async () => {
    const pending = await pendingOf();
    await pending.keep(authorization('s-6'));
    await pending.receive('s-6');
    expect(await pending.take('s-6', 'answer')).toBe(true);
    expect(await pending.take('s-6', 'another answer')).toBe(false);
    expect(await pending.receive('s-6')).toBe(false);
    expect(await pending.find('s-6')).toBe('used');
    expect(await pending.find('s-6', 'another answer')).toBe('used');
  });

  it('succeeds if no trigger received it', async () => {
    const pending = await pendingOf();
    await pending.keep(authorization('s-7'));
    expect(await pending.take('s-7', 'answer')).toBe(true);
    expect(await pending.receive('s-7')).toBe(false);
  });

  it('succeeds again for the same answer in the same process only', async () => {
    const pending = await pendingOf();
    await pending.keep(authorization('s-8'));
    const takeAll = () => Promise.all([1, 2, 3].map(() => pending.take('s-8', 'answer')));
    expect(await takeAll()).toEqual([true, true, true]);
    expect(await takeAll()).toEqual([true, true, true]);
    expect(await pending.find('s-8', 'answer')).toEqual(authorization('s-8'));
    // Other timeouts make another profile, as in another process.
    const other = await pendingOf({ requestTimeout: 28 });
    expect(await other.find('s-8', 'answer')).toBe('used');
    expect(await other.take('s-8', 'answer')).toBe(false);
  });

  it('succeeds if it was stored after a first attempt failed', async () => {
    const pending = await pendingOf();
    expect(await pending.take('s-9', 'answer')).toBe(false);
    await pending.keep(authorization('s-9'));
    expect(await pending.take('s-9', 'answer')).toBe(true);
  });

  it('succeeds within ten minutes after it was received', async () => {
    const pending = await pendingOf();
    const age = (by: number) =>
      edit(`UPDATE pending_authorizations SET kept_until = kept_until - ${by}`);
    await pending.keep(authorization('s-10'));
    age(590_000);
    await pending.receive('s-10');
    age(590_000);
    expect(await pending.take('s-10', 'answer')).toBe(true);
    await pending.keep(authorization('s-11'));
    await pending.receive('s-11');
    age(600_000);
    expect(await pending.take('s-11', 'answer')).toBe(false);
  });
});
