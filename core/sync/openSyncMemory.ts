import type { BankClient } from '../oauth/client';
import { openMemories } from '../tokens/openStores';
import type { KeepingSettings } from '../tokens/settings';
import { SyncMemory } from './memory';

/** Opens the memory of a client in the store that the settings name. @throws OpenBankingError as `openConsentTokens` */
export function openSyncMemory(client: BankClient, settings: KeepingSettings): SyncMemory {
  const { memories, processes, reads } = openMemories(client, settings);
  return new SyncMemory(memories, processes, reads);
}
