import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import type { ReceivedTokens, TokenSet } from '../../../core/oauth/grants/tokenSet';
import type { BankLimits } from '../../../core/tokens/consents/bankLimits';
import { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { Heart } from '../../../core/tokens/consents/heart';
import { locate } from '../../../core/tokens/consents/location';
import {
  contentOf,
  formerRecordName,
  newRecord,
  rewritten,
} from '../../../core/tokens/records/record';
import { grantOf, type RecordContent } from '../../../core/tokens/records/recordContent';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import type { KeepingSettings } from '../../../core/tokens/settings';
import type { StoredRecord, TokenStore } from '../../../core/store/store';
import { later } from '../clock';
import { closeAfterTest } from '../servers/closing';
import { interferedWith, type Interference } from './interference';
import { moveStoreClock, storeWithClock } from './storeClock';
import {
  startRotatingBank,
  type RotatingBank,
  type RotatingBankOptions,
} from '../bank/rotatingBank';

export type { RotatingBankOptions };

const folder = mkdtempSync(join(tmpdir(), 'open-banking-tokens-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let file: string;
let files = 0;
beforeEach(() => (file = join(folder, `${++files}.sqlite`)));

/** A bank for the current test. */
export async function rotatingBank(options: RotatingBankOptions = {}): Promise<RotatingBank> {
  const bank = await startRotatingBank(options);
  closeAfterTest(() => bank.close());
  return bank;
}

/** The differences from other processes. */
export interface ProcessChanges {
  settings?: BankSettings & KeepingSettings;
  /** Changes of methods of the real store. */
  interference?: Interference;
  /** The store to use instead of the SQLite file of the current test. */
  store?: TokenStore;
  /** Its name, see `thisProcess`. If not given, it is a process of another host. */
  process?: string;
  /** Limits of its own. */
  limits?: BankLimits;
}

let processes = 0;

/** A process whose work never ends would beat after the last test. */
let isOver = false;
afterAll(() => (isOver = true));

/** The stored tokens of another process: it has its own connection to the same file, and an empty memory. */
export async function anotherProcess(
  bank: { settings: BankSettings },
  {
    settings,
    interference = {},
    store = storeWithClock(file),
    process = `process ${++processes}`,
    limits,
  }: ProcessChanges = {},
): Promise<ConsentTokens> {
  const all = { ...bank.settings, ...settings };
  const client = await createClient(all);
  const keys = encryptionKeys(all.encryptionKey, client.profile);
  const interfered = interferedWith(store, interference);
  const beat = (name: string) => (isOver ? Promise.resolve() : interfered.beat(name));
  return new ConsentTokens(client, interfered, keys, {
    heart: new Heart({ beat }, process),
    limits,
  });
}

/** Lets time pass for this process and for the store of the current test, see `later`. */
export function passTime(milliseconds: number): void {
  later(milliseconds);
  moveStoreClock(file, milliseconds);
}

/** Moves the clock of the store of the current test alone. */
export function moveClockOfStore(milliseconds: number): void {
  moveStoreClock(file, milliseconds);
}

/** Tokens that are valid for an hour. */
export function tokensOf(accessToken: string, changes: Partial<TokenSet> = {}): TokenSet {
  return {
    access_token: accessToken,
    authorization: `Bearer ${accessToken}`,
    obtained_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    refresh_token_rotated: false,
    ...changes,
  };
}

/** The record of a consent in the SQLite file of the present test; `undefined` if there is none. */
export async function recordIn(
  { settings }: { settings: BankSettings },
  consent = 'c',
): Promise<StoredRecord | undefined> {
  const client = await createClient(settings);
  const store = storeWithClock(file);
  const keys = encryptionKeys('', client.profile);
  const located = await locate({ client, store, keys }, consent);
  await store.close();
  return located?.record;
}

/** The content of {@link recordIn}. */
export async function contentIn(
  bank: { settings: BankSettings },
  consent = 'c',
): Promise<RecordContent | undefined> {
  const { profile } = await createClient(bank.settings);
  const record = await recordIn(bank, consent);
  return record && contentOf(record, encryptionKeys('', profile));
}

/** The records in the SQLite file of the present test, whoever their owner is. */
export async function recordsOf(clientId = 'client-1'): Promise<StoredRecord[]> {
  const store = storeWithClock(file);
  try {
    return await store.list(clientId);
  } finally {
    await store.close();
  }
}

/** Stores tokens as earlier versions of this package did: under a name without the ID of the key. */
export async function keepAsFormerVersion(
  bank: { settings: BankSettings },
  consent: string,
  tokens: TokenSet,
  { encryptionKey = '', ...changes }: BankSettings & KeepingSettings = {},
  store: TokenStore = storeWithClock(file),
): Promise<void> {
  const { profile } = await createClient({ ...bank.settings, ...changes });
  const keys = encryptionKeys(encryptionKey, profile);
  const content = { tokens, grant: grantOf(tokens), imported: [] };
  const made = newRecord({ profile, consent }, content, keys);
  const present = { revision: 0, readAt: { at: 0, learnedAt: 0 } };
  const former = { ...made, ...present, name: formerRecordName(made) };
  await store.replace(rewritten(former, content, keys, made));
  await store.close();
}

/** Received tokens that passed their check. */
export function passed(tokens: TokenSet, changes: Partial<ReceivedTokens> = {}): ReceivedTokens {
  return { tokens, remarks: [], expected: {}, ...changes };
}

/** Tokens of a new consent whose access token has expired. */
export function expired(bank: RotatingBank, consent: string): TokenSet {
  return tokensOf(`at-${consent}-0`, {
    refresh_token: bank.consent(consent),
    expires_at: new Date(Date.now() - 1000).toISOString(),
  });
}

/** The access token of the consent `c` in a new process, and the remarks. */
export async function elsewhere(
  bank: { settings: BankSettings },
  options: Parameters<ConsentTokens['valid']>[1] = {},
): Promise<{ token: unknown; remarks: readonly string[] }> {
  const { tokens, remarks } = await (await anotherProcess(bank)).valid('c', options);
  return { token: tokens.access_token, remarks };
}

/** The current access token of a consent. */
export async function accessTokenOf(tokens: ConsentTokens, consent = 'c'): Promise<unknown> {
  return (await tokens.valid(consent)).tokens.access_token;
}

/** Waits for a number of milliseconds. */
export const pause = (milliseconds: number) =>
  new Promise((done) => setTimeout(done, milliseconds));
