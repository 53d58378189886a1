import type { KeyObject, X509Certificate } from 'node:crypto';
import type { OpenBankingError } from '../errors/OpenBankingError';
import { orderChain } from '../keys/certificateChain';
import { parseCertificates, type Certificates } from '../keys/certificates';
import { fieldLabels } from './fieldLabels';
import { usageNotices } from '../keys/certificateUsage';
import { assertAlgorithmFits, assertKeyIsUsable } from '../keys/keyChecks';
import { keyIdOf } from '../keys/keyId';
import { parsePrivateKey } from '../keys/privateKey';
import type { SigningAlgorithm } from '../keys/algorithms';
import type { BankSettings } from './settings';
import { repairNotices, type TransportKeys } from './transportKeys';

/** Key, key ID and algorithm that sign client assertions and request objects. */
export interface Signer {
  readonly algorithm: SigningAlgorithm;
  readonly keyId: string;
  readonly key: KeyObject;
  /** Certificate of the key; `undefined` if only a key is given. */
  readonly certificate?: X509Certificate;
  /** `typ` in the header of a client assertion. */
  readonly type: 'JWT' | 'client-authentication+jwt';
}

/** The key that signs assertions and request objects, and decrypts ID tokens. */
export interface SigningKeys {
  readonly key: KeyObject;
  /** Certificate chain of the key; `undefined` if only a key is given. */
  readonly chain?: Certificates;
  /** Name of the field of the key. */
  readonly keyField: string;
  /** Warnings and repairs. Those of the transport keys are not repeated here. */
  readonly notices: OpenBankingError[];
}

/**
 * Reads the separate signing key, or takes the transport key if there is none.
 *
 * @throws OpenBankingError those of `parsePrivateKey`, `parseCertificates`, `assertKeyIsUsable` and `orderChain`
 */
export function signingKeys(settings: BankSettings, transport: TransportKeys): SigningKeys {
  if (!settings.separateSigningKey) return { ...transport, notices: [] };
  const { signingPrivateKey: keyField, signingCertificate: certificateField } = fieldLabels;
  const { key, repairs } = parsePrivateKey(
    settings.signingPrivateKey,
    settings.signingPassphrase,
    keyField,
  );
  assertKeyIsUsable(key, keyField);
  const notices = repairNotices(repairs, keyField);
  if (!settings.signingCertificate?.trim()) return { key, keyField, notices };
  const parsed = parseCertificates(settings.signingCertificate, certificateField);
  const fields = { certificate: certificateField, key: keyField };
  const chain = orderChain(parsed.certificates, key, fields).certificates;
  notices.push(
    ...repairNotices(parsed.repairs, certificateField),
    ...usageNotices(chain[0], 'signing', certificateField),
  );
  return { key, chain, keyField, notices };
}

/**
 * Combines the signing key with the algorithm and key ID of the settings.
 *
 * @throws OpenBankingError `algorithm-key-mismatch`, `field-malformed`, and those of `keyIdOf`
 */
export async function signerOf(
  settings: BankSettings,
  { key, chain, keyField }: SigningKeys,
): Promise<Signer> {
  const algorithm = settings.algorithm || 'PS256';
  assertAlgorithmFits(algorithm, key, keyField);
  const certificate = chain?.[0];
  return {
    algorithm,
    key,
    certificate,
    keyId: await keyIdOf(settings.keyIdSource || 'x5t', settings.keyId, key, certificate),
    type: settings.assertionType || 'JWT',
  };
}
