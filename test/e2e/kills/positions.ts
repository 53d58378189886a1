import { dataFolder } from '../../../demo/n8n/environment';
import { join } from 'node:path';
import { clientOf } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { PostgresStore } from '../../../core/store/postgres/postgresStore';
import { SqliteStore } from '../../../core/store/sqlite/sqliteStore';
import { positionOf, type AccountState } from '../../../core/sync/accountState';
import { newnessFor } from '../../../core/sync/markProcessed';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { SealedMemories } from '../../../core/tokens/sealedMemories';
import type { KeepingSettings } from '../../../core/tokens/settings';
import { CONSENT, subscriberOf, type Feed } from './feeds';

/** The position of a feed in all accounts, as its store has it. */
export interface StoredPosition {
  /** The keys of the known transactions that it does not get again. */
  settled: ReadonlySet<string>;
  /** The keys of those that it still has to get. */
  due: ReadonlySet<string>;
  /** The latest read of each account, by its key. */
  readAt: ReadonlyMap<string, number>;
}

/**
 * Reads the position of a feed.
 *
 * @param userFolder of the n8n whose SQLite file may be the store
 */
export async function storedPosition(feed: Feed, userFolder: string): Promise<StoredPosition> {
  const settings = feed.credential.data as unknown as BankSettings & KeepingSettings;
  const client = await clientOf(settings);
  const { keepTokensIn, postgresUrl, encryptionKey } = settings;
  const store =
    keepTokensIn === 'postgres'
      ? new PostgresStore(postgresUrl!)
      : new SqliteStore(join(dataFolder({ userFolder }), 'open-banking-tokens.sqlite'));
  try {
    const keys = encryptionKeys(encryptionKey, client.profile);
    const { own } = await new SealedMemories(client, store.memories, keys).ofConsent(CONSENT);
    const [settled, due] = [new Set<string>(), new Set<string>()];
    const readAt = new Map<string, number>();
    for (const { kind, about: accountKey, content } of own) {
      if (kind !== 'account') continue;
      const state = content as AccountState;
      const position = positionOf(state, subscriberOf(feed));
      if (!position.start) continue;
      readAt.set(accountKey, position.readAt ?? 0);
      const isNew = newnessFor(state, position);
      for (const [row, id] of state.known.rows) {
        const to = isNew({ row: Number(row), id: String(id) }) ? due : settled;
        to.add(`${accountKey} ${id}`);
      }
    }
    return { settled, due, readAt };
  } finally {
    await store.close();
  }
}
