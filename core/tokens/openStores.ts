import { homedir } from 'node:os';
import { join } from 'node:path';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { Profile } from '../profile/profile';
import { LeastRecentlyUsed } from '../lib/leastRecentlyUsed';
import { ConsentTokens } from './consents/consentTokens';
import { encryptionKeys } from './records/encryptionKeys';
import { PendingAuthorizations } from './pendingAuthorizations';
import { digest } from './records/record';
import type { KeepingSettings } from './settings';
import type { TokenStore } from '../store/store';

/** By where it is: a file or a server is opened once in a process. */
const stores = new LeastRecentlyUsed<Promise<TokenStore>>(20, (store) => {
  void store.then((opened) => opened.close()).catch(() => undefined);
});

/** What is kept for one client at one bank. */
interface Kept {
  readonly tokens: ConsentTokens;
  readonly pending: PendingAuthorizations;
}

const open = new WeakMap<Profile, LeastRecentlyUsed<Promise<Kept>>>();

/**
 * The tokens of the consents of a profile, where the settings say that they are kept.
 *
 * @throws OpenBankingError `setting-malformed`, `store-unavailable`, `store-not-writable`, `store-newer`
 */
export async function consentTokensOf(
  profile: Profile,
  settings: KeepingSettings,
): Promise<ConsentTokens> {
  return (await keptOf(profile, settings)).tokens;
}

/**
 * The authorizations of a profile that customers have not answered yet, where the settings say that they are kept.
 *
 * @throws OpenBankingError as {@link consentTokensOf}
 */
export async function pendingAuthorizationsOf(
  profile: Profile,
  settings: KeepingSettings,
): Promise<PendingAuthorizations> {
  return (await keptOf(profile, settings)).pending;
}

function keptOf(profile: Profile, settings: KeepingSettings): Promise<Kept> {
  const ofProfile = open.get(profile) ?? new LeastRecentlyUsed<Promise<Kept>>(20);
  open.set(profile, ofProfile);
  const { keepTokensIn, postgresUrl, encryptionKey } = settings;
  // Kept under a digest, so that the map's names hold no password.
  const name = digest(JSON.stringify([keepTokensIn, postgresUrl, encryptionKey]));
  return ofProfile.obtain(name, () => {
    const opening = storeOf(settings).then((store) => {
      const keys = encryptionKeys(encryptionKey, profile);
      return {
        tokens: new ConsentTokens(profile, store, keys),
        pending: new PendingAuthorizations(profile, store, keys),
      };
    });
    opening.catch(() => ofProfile.delete(name, opening));
    return opening;
  });
}

/** The store of these settings. @throws OpenBankingError as {@link consentTokensOf} */
export function storeOf({ keepTokensIn, postgresUrl }: KeepingSettings): Promise<TokenStore> {
  const kind = keepTokensIn || 'machine';
  const url = postgresUrl?.trim() ?? '';
  const name = digest(JSON.stringify([kind, kind === 'postgres' ? url : sqlitePath()]));
  return stores.obtain(name, () => {
    const opening = openStore(kind, url);
    opening.catch(() => stores.delete(name, opening));
    return opening;
  });
}

async function openStore(kind: string, url: string): Promise<TokenStore> {
  switch (kind) {
    case 'machine': {
      const { SqliteStore } = await import('../store/sqlite/sqliteStore');
      return new SqliteStore(sqlitePath());
    }
    case 'postgres': {
      if (!url) {
        throw new OpenBankingError('setting-malformed', {
          message: '"PostgreSQL Connection" is empty',
          description: 'Fill it in, or choose "This Machine" in "Keep Tokens In".',
        });
      }
      const { PostgresStore } = await import('../store/postgres/postgresStore');
      return new PostgresStore(url);
    }
    default:
      throw new OpenBankingError('setting-malformed', {
        message: '"Keep Tokens In" has an unknown value',
      });
  }
}

/** In n8n's own folder, as n8n itself finds it. */
function sqlitePath(): string {
  return join(process.env.N8N_USER_FOLDER || homedir(), '.n8n', 'open-banking-tokens.sqlite');
}
