import type { KeyObject, X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { orderChain } from '../keys/certificateChain';
import { parseCertificates, type Certificates } from '../keys/certificates';
import { usageNotices } from '../keys/certificateUsage';
import { assertAlgorithmFits, assertKeyIsUsable } from '../keys/keyChecks';
import { keyIdCandidates, keyIdOf, type KeyIdCandidate } from '../keys/keyId';
import { chooseKey, namesOf, nextOf } from '../keys/keyChoice';
import { parsePrivateKeys } from '../keys/privateKey';
import type { SigningAlgorithm } from '../keys/algorithms';
import { isFilled, type SigningFields, type TextField } from './keyFields';
import type { BankSettings } from './settings';
import { repairNotices, type TransportKeys } from './transportKeys';

/** Key, key ID and algorithm that sign client assertions and request objects. */
export interface JwtSigner {
  readonly algorithm: SigningAlgorithm;
  /** `kid` in the header; none if `undefined`. */
  readonly keyId?: string;
  readonly key: KeyObject;
  /** `typ` in the header of a client assertion. */
  readonly type: 'JWT' | 'client-authentication+jwt';
}

/** The signer of a credential. */
export interface Signer extends JwtSigner {
  /** Certificate of the key; `undefined` if only a key is given. */
  readonly certificate?: X509Certificate;
  /** All key IDs that a bank may know the key by, but for an assigned one. They are public. */
  readonly keyIdCandidates: readonly KeyIdCandidate[];
}

/** The key that signs assertions and request objects, and decrypts ID tokens. */
export interface SigningKeys {
  readonly key: KeyObject;
  /** Certificate chain of the key; `undefined` if only a key is given. */
  readonly chain?: Certificates;
  /** Name of the field of the key. */
  readonly keyField: string;
  /** Name of the field of the certificate. */
  readonly certificateField: string;
  /** The time at which another key or certificate may be the right one; `undefined` if there is no other. */
  readonly choiceUntil?: Date;
  /** Warnings and repairs. Those of the transport keys are not repeated here. */
  readonly notices: OpenBankingError[];
}

/**
 * Reads a signing key of its own, or takes the transport key if there is none. If the fields hold several keys or certificates, the ones that
 * are right at a time are chosen.
 *
 * @throws OpenBankingError those of `parsePrivateKeys`, `parseCertificates`, `chooseKey` and `assertKeyIsUsable`
 */
export async function signingKeys(
  fields: SigningFields | undefined,
  transport: TransportKeys,
  now: Date,
): Promise<SigningKeys> {
  if (!fields) {
    // Its notices and its `choiceUntil` are those of the transport keys.
    const { key, chain, keyField, certificateField } = transport;
    return { key, chain, keyField, certificateField, notices: [] };
  }
  const { field: keyField } = fields.privateKey;
  const { field: certificateField } = fields.certificate;
  const parsedKeys = await parsePrivateKeys(
    fields.privateKey.text,
    fields.passphrase.text,
    keyField,
  );
  const notices = [
    ...repairNotices(parsedKeys.repairs, keyField),
    ...repairNotices(parsedKeys.passphraseRepairs, fields.passphrase.field),
  ];
  const given = isFilled(fields.certificate)
    ? parseCertificates(fields.certificate.text, certificateField)
    : undefined;
  const certificates = given?.certificates ?? parsedKeys.certificates;
  if (!certificates.length) {
    const { key } = parsedKeys.keys[0];
    assertKeyIsUsable(key, keyField);
    if (parsedKeys.keys.length > 1) {
      const values = { field: keyField, count: parsedKeys.keys.length };
      notices.push(new OpenBankingError('pem-repaired', { problem: 'severalKeys', values }));
    }
    return { key, keyField, certificateField, notices };
  }
  const field = given ? certificateField : keyField;
  const names = { certificate: field, key: keyField };
  const choice = chooseKey(parsedKeys.keys, certificates, 'signing', names, now);
  const { key } = choice.key;
  // Only the certificate itself is used, so certificates of authorities cause no notice.
  const chain = orderChain(certificates, choice.certificate, { field, now }).certificates;
  notices.push(...repairNotices(given?.repairs ?? [], field));
  if (choice.leftOut.length) {
    const values = { field, names: namesOf(choice.leftOut) };
    notices.push(new OpenBankingError('pem-repaired', { problem: 'leftOut', values }));
  }
  notices.push(...usageNotices(choice.certificate, 'signing', field));
  const choiceUntil = nextOf(choice.dates, now);
  return { key, chain, keyField, certificateField: field, choiceUntil, notices };
}

/**
 * Combines a signing key with the algorithm and key ID of the settings.
 *
 * @param given the field for a key ID that the bank assigned
 * @throws OpenBankingError `algorithm-key-mismatch`, `field-malformed`, and those of `keyIdOf`
 */
export async function signerOf(
  settings: BankSettings,
  { key, chain, keyField, certificateField }: SigningKeys,
  given: TextField,
): Promise<Signer> {
  const algorithm = settings.algorithm || 'PS256';
  assertAlgorithmFits(algorithm, key, keyField);
  const certificate = chain?.[0];
  const source = settings.keyIdSource || 'x5t';
  const keyId = await keyIdOf(source, { key, certificate, certificateField }, given);
  return {
    algorithm,
    key,
    certificate,
    ...(keyId !== undefined && { keyId }),
    keyIdCandidates: await keyIdCandidates({ key, ...(certificate && { certificate }) }),
    type: settings.assertionType || 'JWT',
  };
}
