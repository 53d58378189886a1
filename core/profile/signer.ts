import type { KeyObject, X509Certificate } from 'node:crypto';
import type { OpenBankingError } from '../errors/OpenBankingError';
import { certificateChain } from '../keys/certificateChain';
import { parseCertificates, type Certificates } from '../keys/certificates';
import { fieldLabels } from './fieldLabels';
import { usageNotices } from '../keys/certificateUsage';
import { assertAlgorithmFits, assertKeyIsStrong } from '../keys/keyChecks';
import { keyIdOf } from '../keys/keyId';
import { parsePrivateKey } from '../keys/privateKey';
import type { SigningAlgorithm } from '../keys/algorithms';
import type { BankSettings } from './settings';
import { repaired, type TransportKeys } from './transportKeys';

/** What signs client assertions and request objects. */
export interface Signer {
  readonly algorithm: SigningAlgorithm;
  readonly keyId: string;
  readonly key: KeyObject;
  /** Of the key; nothing where only the key was given. */
  readonly certificate?: X509Certificate;
  /** `typ` of the assertion's header. */
  readonly type: 'JWT' | 'client-authentication+jwt';
}

/** The key that assertions and request objects are signed with, and that ID tokens are encrypted for. */
export interface SigningKeys {
  readonly key: KeyObject;
  /** Nothing where only the key was given. */
  readonly chain?: Certificates;
  /** The field that the key stands in. */
  readonly keyField: string;
  /** What was repaired, and what is worth a word; of the transport keys nothing twice. */
  readonly notices: OpenBankingError[];
}

/**
 * The signing key: one of its own, or that of the transport certificate.
 *
 * @throws OpenBankingError what `parsePrivateKey`, `parseCertificates`, `assertKeyIsStrong` and `certificateChain` throw
 */
export function signingKeys(settings: BankSettings, transport: TransportKeys): SigningKeys {
  if (!settings.separateSigningKey) return { ...transport, notices: [] };
  const { signingPrivateKey: keyField, signingCertificate: certificateField } = fieldLabels;
  const { key, repairs } = parsePrivateKey(
    settings.signingPrivateKey,
    settings.signingPassphrase,
    keyField,
  );
  assertKeyIsStrong(key, keyField);
  const notices = repaired(repairs, keyField);
  if (!settings.signingCertificate?.trim()) return { key, keyField, notices };
  const parsed = parseCertificates(settings.signingCertificate, certificateField);
  const fields = { certificate: certificateField, key: keyField };
  const chain = certificateChain(parsed.certificates, key, fields).certificates;
  notices.push(
    ...repaired(parsed.repairs, certificateField),
    ...usageNotices(chain[0], 'signing', certificateField),
  );
  return { key, chain, keyField, notices };
}

/**
 * What signs client assertions and request objects with these keys.
 *
 * @throws OpenBankingError `algorithm-key-mismatch`, `setting-malformed`, and what `keyIdOf` throws
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
