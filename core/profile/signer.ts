import type { KeyObject, X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { orderChain } from '../keys/certificateChain';
import { parseCertificates, type Certificates } from '../keys/certificates';
import { fieldLabels } from './fieldLabels';
import { usageNotices } from '../keys/certificateUsage';
import { assertAlgorithmFits, assertKeyIsUsable } from '../keys/keyChecks';
import { keyIdOf } from '../keys/keyId';
import { chooseKey, namesOf, nextOf } from '../keys/keyChoice';
import { parsePrivateKeys } from '../keys/privateKey';
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
  /** The time at which another key or certificate may be the right one; `undefined` if there is no other. */
  readonly choiceUntil?: Date;
  /** Warnings and repairs. Those of the transport keys are not repeated here. */
  readonly notices: OpenBankingError[];
}

/**
 * Reads the separate signing key, or takes the transport key if there is none. If the fields hold several keys or certificates, the ones that
 * are right at a time are chosen.
 *
 * @throws OpenBankingError those of `parsePrivateKeys`, `parseCertificates`, `chooseKey` and `assertKeyIsUsable`
 */
export async function signingKeys(
  settings: BankSettings,
  transport: TransportKeys,
  now: Date,
): Promise<SigningKeys> {
  if (!settings.separateSigningKey) {
    // Its notices and its `choiceUntil` are those of the transport keys.
    const { key, chain, keyField } = transport;
    return { key, chain, keyField, notices: [] };
  }
  const { signingPrivateKey: keyField, signingCertificate } = fieldLabels;
  const parsedKeys = await parsePrivateKeys(
    settings.signingPrivateKey,
    settings.signingPassphrase,
    keyField,
  );
  const notices = [
    ...repairNotices(parsedKeys.repairs, keyField),
    ...repairNotices(parsedKeys.passphraseRepairs, fieldLabels.signingPassphrase),
  ];
  const given = settings.signingCertificate?.trim()
    ? parseCertificates(settings.signingCertificate, signingCertificate)
    : undefined;
  const certificates = given?.certificates ?? parsedKeys.certificates;
  if (!certificates.length) {
    const { key } = parsedKeys.keys[0];
    assertKeyIsUsable(key, keyField);
    if (parsedKeys.keys.length > 1) {
      const values = { field: keyField, count: parsedKeys.keys.length };
      notices.push(new OpenBankingError('pem-repaired', { problem: 'severalKeys', values }));
    }
    return { key, keyField, notices };
  }
  const field = given ? signingCertificate : keyField;
  const fields = { certificate: field, key: keyField };
  const choice = chooseKey(parsedKeys.keys, certificates, 'signing', fields, now);
  const { key } = choice.key;
  // Only the certificate itself is used, so certificates of authorities cause no notice.
  const chain = orderChain(certificates, choice.certificate, { field, now }).certificates;
  notices.push(...repairNotices(given?.repairs ?? [], field));
  if (choice.leftOut.length) {
    const values = { field, names: namesOf(choice.leftOut) };
    notices.push(new OpenBankingError('pem-repaired', { problem: 'leftOut', values }));
  }
  notices.push(...usageNotices(choice.certificate, 'signing', field));
  return { key, chain, keyField, choiceUntil: nextOf(choice.dates, now), notices };
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
