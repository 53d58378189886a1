import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../../core/oauth/client';
import { PostgresStore } from '../../core/store/postgres/postgresStore';
import { SqliteStore } from '../../core/store/sqlite/sqliteStore';
import type { TokenStore } from '../../core/store/store';
import { ConsentTokens } from '../../core/tokens/consents/consentTokens';
import { encryptionKeys } from '../../core/tokens/records/encryptionKeys';
import type { KeepingSettings } from '../../core/tokens/settings';
import { destroyAgents } from '../../core/transport/agents';
import { AskingProcess } from '../support/stores/askingProcess';
import { pause } from '../support/stores/consents';
import { createTestDatabase } from '../support/stores/postgres';
import {
  startRotatingBank,
  type RotatingBank,
  type RotatingBankOptions,
} from '../support/bank/rotatingBank';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';
import { forEachAtOnce } from './pool';

/** Processes that are killed for each store and bank, and the consents that each of them refreshes. */
const KILLS = isQuick ? 3 : 12;
const CONSENTS = 8;

/** Processes at the same time. */
const AT_ONCE = 3;

/** Milliseconds for which the bank keeps an answer back, and within which a process is killed. */
const DELAY = 100;
const KILLED_WITHIN = 350;

/** So that leases and marks end soon: a request takes a second at most. */
const LIMITS = { connectTimeout: 0.5, requestTimeout: 0.5 };

/** The process that asks afterwards has time, however busy the machine is. */
const PATIENT = { connectTimeout: 2, requestTimeout: 4 };

/** How long to wait until the lease of a killed process has ended, and its request is over for certain. */
const UNTIL_OVER = 3_000;

const banks: Record<string, RotatingBankOptions> = {
  'keeps refresh tokens': { keeps: true },
  'ends the consent if an old one comes': {},
  'accepts the former one once more': { grace: true },
};

const stores = isQuick ? ['SQLite'] : ['SQLite', 'PostgreSQL'];

const measure: Measure = { rows: [], failures: [] };
afterAll(() => writeMeasure('kills', measure));

/** What became of a consent whose refresh was killed. */
interface History {
  moment: 'before' | 'lostAnswer' | 'after';
  isLost: boolean;
  told: string;
}

describe.each(stores)('with %s', (storeName) => {
  const folder = mkdtempSync(join(tmpdir(), 'open-banking-kills-'));
  let settings: KeepingSettings = {};
  let store: TokenStore;
  let close = () => Promise.resolve();

  beforeAll(async () => {
    if (storeName === 'SQLite') {
      store = new SqliteStore(join(folder, '.n8n', 'open-banking-tokens.sqlite'));
      return;
    }
    const database = await createTestDatabase();
    settings = { keepTokensIn: 'postgres', postgresUrl: database.connectionString };
    store = new PostgresStore(database.connectionString);
    close = () => database.close();
  }, 60_000);

  afterAll(async () => {
    await destroyAgents();
    await store.close();
    await close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.entries(banks))(
    'a killed process loses a consent only with an answer that it alone had, if the bank %s',
    async (bankName, options) => {
      const bank = await startRotatingBank({ ...options, delay: () => DELAY });
      try {
        const histories: History[] = [];
        const kills = Array.from({ length: KILLS }, (_, index) => index);
        await forEachAtOnce(AT_ONCE, kills, async (kill) => {
          histories.push(...(await killed(bank, kill)));
        });
        count(storeName, bankName, histories);
        const isAlwaysLost = (history: History) => isWronglyLost(history, options);
        expect(histories.filter(isAlwaysLost)).toEqual([]);
        expect(histories).toHaveLength(KILLS * CONSENTS);
      } finally {
        await bank.close();
      }
    },
  );

  async function killed(bank: RotatingBank, kill: number): Promise<History[]> {
    const names = Array.from({ length: CONSENTS }, (_, index) => `c${kill}x${index}`);
    const consents = names.map((consent) => ({
      consent,
      options: { firstRefreshToken: bank.consent(consent) },
    }));
    const all = { ...bank.settings, ...settings, ...LIMITS };
    const child = await AskingProcess.start(folder);
    // It loads what it needs, so that the moment is one of its refreshes.
    const options = { firstRefreshToken: bank.consent(`warm${kill}`) };
    const warm = { consent: `warm${kill}`, options };
    await child.ask({ settings: all, consents: [warm], concurrency: 1 });
    // At moments that are spread evenly, so that a run does not depend on chance.
    const moment = ((kill + 0.5) * KILLED_WITHIN) / KILLS;
    await child.killWhileAsking({ settings: all, consents, concurrency: CONSENTS }, moment);
    await pause(UNTIL_OVER);
    const client = await createClient({ ...all, ...PATIENT });
    const kept = new ConsentTokens(client, store, encryptionKeys(undefined, client.profile));
    return Promise.all(
      consents.map(({ consent, options }) => historyOf(bank, kept, consent, options)),
    );
  }
});

async function historyOf(
  bank: RotatingBank,
  kept: ConsentTokens,
  consent: string,
  options: { firstRefreshToken: string },
): Promise<History> {
  const { refreshes } = bank.grant(consent);
  const found = await kept.stored(consent).catch(() => undefined);
  const isStored = found?.access_token !== undefined;
  const moment = refreshes === 0 ? 'before' : isStored ? 'after' : 'lostAnswer';
  const told = await toldAtLast(kept, consent, options);
  const isCurrent = told === `at-${consent}-${bank.grant(consent).refreshes}`;
  return { moment, isLost: !isCurrent || bank.grant(consent).revoked, told };
}

/** The access token of a consent, or the error that does not pass by waiting. */
async function toldAtLast(
  kept: ConsentTokens,
  consent: string,
  options: { firstRefreshToken: string },
): Promise<string> {
  let code = '';
  for (let tries = 0; tries < 5; tries++) {
    try {
      return String((await kept.valid(consent, options)).tokens.access_token);
    } catch (error) {
      ({ code = 'no code' } = error as { code?: string });
      if (code === 'consent-ended') return code;
      await pause(UNTIL_OVER);
    }
  }
  return code;
}

/** A consent may be lost only if the bank accepts each refresh token once, and the answer died with the process. */
function isWronglyLost({ moment, isLost, told }: History, options: RotatingBankOptions): boolean {
  if (!isLost) return false;
  const mayBeLost = moment === 'lostAnswer' && !options.keeps && !options.grace;
  return !mayBeLost || told !== 'consent-ended';
}

function count(store: string, bank: string, histories: readonly History[]): void {
  const at = (moment: History['moment']) =>
    histories.filter((history) => history.moment === moment).length;
  const wrong = histories.filter((history) => isWronglyLost(history, banks[bank]!));
  measure.rows.push({
    ...{ store, bank, kills: histories.length },
    ...{ before: at('before'), lostAnswer: at('lostAnswer'), after: at('after') },
    lost: histories.filter(({ isLost }) => isLost).length,
    wronglyLost: wrong.length,
  });
  for (const { moment, told } of wrong) {
    measure.failures.push(`kills: ${store}, the bank ${bank}: lost ${moment}, told ${told}`);
  }
}
