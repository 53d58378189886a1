import { homedir } from 'node:os';
import { join } from 'node:path';
import { OpenBankingError } from '../errors/OpenBankingError';
import { digest } from '../lib/digest';
import { LeastRecentlyUsed } from '../lib/leastRecentlyUsed';
import type { BankClient } from '../oauth/client';
import { bankOf } from '../profile/profile';
import { assertNoPlaceholder } from '../profile/secretFields';
import type { MemoryStore } from '../store/memories';
import { PostgresStore } from '../store/postgres/postgresStore';
import { SqliteStore } from '../store/sqlite/sqliteStore';
import type { SqlStore } from '../store/sqlStore';
import { BankLimits } from './consents/bankLimits';
import { ConsentTokens } from './consents/consentTokens';
import { Heart } from './consents/heart';
import { UnsavedRecords } from './consents/unsavedRecords';
import { PendingAuthorizations } from './pendingAuthorizations';
import { Processes } from './processes';
import { encryptionKeys } from './records/encryptionKeys';
import { SealedMemories } from './sealedMemories';
import type { ConsentSettings, KeepingSettings } from './settings';

/** The stored data of one client at one bank. */
interface StoredForClient {
  readonly tokens: ConsentTokens;
  readonly pending: PendingAuthorizations;
  readonly memories: SealedMemories;
  readonly processes: Processes;
  readonly reads: MemoryStore;
}

/** An open store, and the objects of this process that use it. */
class OpenStore {
  /** Tokens that wait for the store. They belong to the store and not to a client, so that a change of the credential does not lose them. */
  readonly #unsaved = new UnsavedRecords();
  readonly #clients = new LeastRecentlyUsed<StoredForClient>(1000);
  readonly #heart: Heart;
  readonly #processes: Processes;
  /** By bank. Not for all stores together: a store that hangs must not hold up the users of another one. */
  readonly #limits = new LeastRecentlyUsed<BankLimits>(1000);

  constructor(readonly store: SqlStore) {
    this.#heart = new Heart(store);
    this.#processes = new Processes(this.#heart, store.memories);
  }

  /** @throws OpenBankingError `field-malformed` */
  storedFor(
    client: BankClient,
    { encryptionKey = '', consent = '', firstRefreshToken = '' }: ConsentSettings,
  ): StoredForClient {
    const first = firstRefreshToken && { consent, firstRefreshToken };
    const name = digest({ client: client.fingerprint, encryptionKey, first });
    return this.#clients.obtain(name, () => {
      const keys = encryptionKeys(encryptionKey, client.profile);
      const limits = this.#limits.obtain(bankOf(client.profile), () => new BankLimits());
      const shared = {
        unsaved: this.#unsaved,
        heart: this.#heart,
        limits,
        ...(first && { first }),
      };
      return {
        tokens: new ConsentTokens(client, this.store, keys, shared),
        pending: new PendingAuthorizations(client.profile, this.store, keys),
        memories: new SealedMemories(client, this.store.memories, keys),
        processes: this.#processes,
        reads: this.store.memories,
      };
    });
  }
}

/** The open stores of this process, by place. A file or a server is opened once. */
const openStores = new LeastRecentlyUsed<OpenStore>(20, ({ store }) => {
  store.close().catch(() => undefined);
});

/**
 * The tokens of a client's consents, in the store that the settings name. The store is opened at its first use.
 *
 * @throws OpenBankingError `field-missing`, `field-malformed`
 */
export function openConsentTokens(client: BankClient, settings: ConsentSettings): ConsentTokens {
  return openStore(settings).storedFor(client, settings).tokens;
}

/**
 * The pending authorizations of a client, in the store that the settings name.
 *
 * @throws OpenBankingError as {@link openConsentTokens}
 */
export function openPendingAuthorizations(
  client: BankClient,
  settings: KeepingSettings,
): PendingAuthorizations {
  return openStore(settings).storedFor(client, settings).pending;
}

/**
 * The encrypted memories of a client and what belongs to them, in the store that the settings name.
 *
 * @throws OpenBankingError as {@link openConsentTokens}
 */
export function openMemories(
  client: BankClient,
  settings: KeepingSettings,
): Pick<StoredForClient, 'memories' | 'processes' | 'reads'> {
  return openStore(settings).storedFor(client, settings);
}

/** Opens the store that the settings name. @throws OpenBankingError as {@link openConsentTokens} */
function openStore(settings: KeepingSettings): OpenStore {
  // Nothing may be stored under a key that everybody knows, whoever calls.
  assertNoPlaceholder(settings);
  const { keepTokensIn, postgresUrl, postgresSchema } = settings;
  const kind = keepTokensIn || 'machine';
  const [url, schema] = [postgresUrl?.trim() ?? '', postgresSchema?.trim() ?? ''];
  // A digest, so that no name holds a password.
  const name = digest({ kind, place: kind === 'postgres' ? `${schema} ${url}` : sqlitePath() });
  return openStores.obtain(name, () => new OpenStore(createStore(kind, url, schema)));
}

function createStore(kind: string, url: string, schema: string): SqlStore {
  switch (kind) {
    case 'machine':
      return new SqliteStore(sqlitePath());
    case 'postgres':
      if (url) return new PostgresStore(url, schema);
      throw new OpenBankingError('field-missing', {
        problem: 'empty',
        values: { field: 'PostgreSQL Connection' },
        description: 'Fill it in, or choose "This Machine" in "Keep Tokens In".',
      });
    default:
      throw new OpenBankingError('field-malformed', {
        problem: 'unknownValue',
        values: { field: 'Keep Tokens In' },
      });
  }
}

/** The path of the SQLite file in n8n's user folder. n8n finds this folder in the same way. */
function sqlitePath(): string {
  return join(process.env.N8N_USER_FOLDER || homedir(), '.n8n', 'open-banking-tokens.sqlite');
}
