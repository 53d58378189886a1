import type { KeyObject, X509Certificate } from 'node:crypto';
import type { OpenBankingError } from '../errors/OpenBankingError';
import { decryptionKey, parseDecryptionKeys, type DecryptionKey } from '../keys/decryptionKeys';
import { isSameKey } from '../keys/sameKey';
import { fieldLabels } from './fieldLabels';
import type { TextField } from './keyFields';
import type { BankSettings } from './settings';
import { repairNotices } from './transportKeys';

/** A signing key, which also decrypts. */
interface SigningSet {
  readonly signing: { readonly key: KeyObject; readonly chain?: readonly X509Certificate[] };
  readonly fields: { readonly keyId: TextField };
}

/** The keys that may decrypt, in the order in which they are tried, and repairs. */
interface ProfileDecryptionKeys {
  readonly keys: readonly DecryptionKey[];
  readonly notices: readonly OpenBankingError[];
}

/**
 * The keys that may decrypt JWTs of the bank: those of "Decryption Keys", and then the signing keys, because a bank may still encrypt for
 * them. Each of them is there once.
 *
 * @param sets the signing keys: that of now, and that before or after an exchange
 * @throws OpenBankingError those of `parseDecryptionKeys`
 */
export async function decryptionKeysOf(
  settings: BankSettings,
  sets: readonly SigningSet[],
): Promise<ProfileDecryptionKeys> {
  const { decryptionKeys: given, decryptionPassphrase, keyIdSource } = settings;
  const field = fieldLabels.decryptionKeys;
  const own = given?.trim()
    ? await parseDecryptionKeys(given, decryptionPassphrase, field)
    : undefined;
  const signing = await Promise.all(
    sets.map(({ signing: { key, chain }, fields }) => {
      const assigned = keyIdSource === 'given' ? fields.keyId.text?.trim() : undefined;
      return decryptionKey(key, chain?.slice(0, 1) ?? [], assigned || undefined);
    }),
  );
  const all = [...(own?.keys ?? []), ...signing];
  return {
    keys: all.filter(({ key }, at) => all.findIndex((other) => isSameKey(other.key, key)) === at),
    notices: [
      ...repairNotices(own?.repairs ?? [], field),
      ...repairNotices(own?.passphraseRepairs ?? [], fieldLabels.decryptionPassphrase),
    ],
  };
}
