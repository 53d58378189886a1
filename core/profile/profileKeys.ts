import type { KeyObject } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { validityOf, type CertificateValidity } from '../keys/certificateDates';
import type { DecryptionKey } from '../keys/decryptionKeys';
import { certificateThumbprint } from '../keys/keyId';
import { nextOf } from '../keys/keyChoice';
import { isSameKey } from '../keys/sameKey';
import { decryptionKeysOf } from './decryptionKeys';
import { nextKeysFrom } from './keyExchange';
import { fieldLabels } from './fieldLabels';
import { firstKeyFields, nextKeyFields, type KeyFields } from './keyFields';
import type { BankSettings } from './settings';
import { signerOf, signingKeys, type Signer, type SigningKeys } from './signer';
import { transportKeys, type TransportKeys } from './transportKeys';

/** The keys and certificates of a credential. */
export interface ProfileKeys {
  /** Those of the TLS client that are used now. */
  readonly transport: TransportKeys;
  /**
   * Makes the signer of the key that is used now.
   *
   * @throws OpenBankingError those of `signerOf`
   */
  readonly signer: () => Promise<Signer>;
  /** Each may decrypt at any time. */
  readonly decryptionKeys: readonly DecryptionKey[];
  /** Other private keys of TLS clients, those before and after an exchange included. */
  readonly otherKeys: readonly KeyObject[];
  /** `x5t#S256` of the client certificates of the credential, that of now first. */
  readonly certificateThumbprints: readonly [string, ...string[]];
  /** When another key or certificate may be the right one; `undefined` if there is no other. */
  readonly choiceUntil?: Date;
  /** Validity periods of the certificates that are used, now or later, that of the TLS client first. */
  readonly validity: readonly CertificateValidity[];
  /** Warnings and repairs. */
  readonly notices: readonly OpenBankingError[];
}

/** Keys that are used at the same time. */
interface KeySet {
  readonly fields: KeyFields;
  readonly transport: TransportKeys;
  readonly signing: SigningKeys;
}

/**
 * Reads the keys and certificates of a credential: the first ones, the next ones that take their place at a time, and those that decrypt. All
 * of them are read and checked at any time, so that a fault in the next ones shows when a person fills them in.
 *
 * @param isSigning whether client assertions are signed
 * @throws OpenBankingError those of `transportKeys`, `signingKeys`, `signerOf`, `nextKeysFrom` and `decryptionKeysOf`
 */
export async function profileKeys(
  settings: BankSettings,
  { isSigning, now }: { readonly isSigning: boolean; readonly now: Date },
): Promise<ProfileKeys> {
  const from = nextKeysFrom(settings);
  const isAhead = from !== undefined && now < from;
  const first = await readKeySet(settings, firstKeyFields(settings), now);
  const next = from && (await readNextKeySet(settings, first, isAhead ? from : now));
  const used = isAhead ? first : (next ?? first);
  const other = used === first ? next : first;
  const ahead = isAhead ? next : undefined;

  const signer = () => signerFor(settings, used);
  if (isSigning) await signer();
  if (isSigning && ahead) await signerFor(settings, ahead);
  const sets = other ? ([used, other] as const) : ([used] as const);
  const decryption = await decryptionKeysOf(settings, sets);
  return {
    transport: used.transport,
    signer,
    decryptionKeys: decryption.keys,
    otherKeys: otherKeysOf(used, other),
    certificateThumbprints: [thumbprintOf(used), ...(other ? [thumbprintOf(other)] : [])],
    choiceUntil: nextOf(
      [used.transport.choiceUntil, used.signing.choiceUntil, from].filter(isDate),
      now,
    ),
    validity: ahead && from ? validityAround(first, ahead, from) : validityOfSet(used),
    notices: distinct([
      ...noticesOf(used),
      ...(ahead ? noticesOf(ahead) : []),
      ...decryption.notices,
    ]),
  };
}

async function readKeySet(settings: BankSettings, fields: KeyFields, now: Date): Promise<KeySet> {
  const transport = await transportKeys(fields.transport, settings, now);
  return { fields, transport, signing: await signingKeys(fields.signing, transport, now) };
}

/** The next keys. Those that do not change are the same objects as in the first set. */
async function readNextKeySet(settings: BankSettings, first: KeySet, now: Date): Promise<KeySet> {
  const fields = nextKeyFields(settings, first.fields);
  const transport =
    fields.transport === first.fields.transport
      ? first.transport
      : await transportKeys(fields.transport, settings, now);
  const isSameSigning =
    fields.signing === first.fields.signing && (fields.signing || transport === first.transport);
  const signing = isSameSigning ? first.signing : await signingKeys(fields.signing, transport, now);
  const isOtherKey = !isSameKey(signing.key, first.signing.key);
  if (settings.keyIdSource === 'given' && isOtherKey && fields.keyId === first.fields.keyId) {
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field: fieldLabels.nextKeyId },
      description:
        'Fill in the key ID that the bank or directory assigned to the next signing key. If the bank gives it the same one, repeat it here.',
    });
  }
  return { fields, transport, signing };
}

function signerFor(settings: BankSettings, { signing, fields }: KeySet): Promise<Signer> {
  return signerOf(settings, signing, fields.keyId);
}

function thumbprintOf({ transport }: KeySet): string {
  return certificateThumbprint(transport.chain[0], 'sha256');
}

/** The keys of TLS clients, but for the one that is used. */
function otherKeysOf({ transport }: KeySet, other: KeySet | undefined): KeyObject[] {
  const all = [
    ...transport.otherKeys,
    ...(other ? [other.transport.key, ...other.transport.otherKeys] : []),
  ];
  return all.filter(
    (key, at) =>
      !isSameKey(key, transport.key) && all.findIndex((each) => isSameKey(each, key)) === at,
  );
}

function validityOfSet(set: KeySet): CertificateValidity[] {
  return [...transportValidity(set), ...signingValidity(set)];
}

/** The certificates of both sets before the exchange. */
function validityAround(first: KeySet, next: KeySet, from: Date): CertificateValidity[] {
  const ending = { usedUntil: from };
  const beginning = { usedFrom: from };
  const changesTransport = next.transport !== first.transport;
  const changesSigning = next.signing !== first.signing;
  return [
    ...transportValidity(first, changesTransport ? ending : {}),
    ...signingValidity(first, changesSigning ? ending : {}),
    ...(changesTransport ? transportValidity(next, beginning) : []),
    ...(changesSigning ? signingValidity(next, beginning) : []),
  ];
}

type UsePeriod = Pick<CertificateValidity, 'usedFrom' | 'usedUntil'>;

function transportValidity({ transport }: KeySet, use: UsePeriod = {}): CertificateValidity[] {
  return validityOf(transport.chain, transport.certificateField, use);
}

/** Empty if the transport key signs. */
function signingValidity({ signing, fields }: KeySet, use: UsePeriod = {}): CertificateValidity[] {
  if (!fields.signing || !signing.chain) return [];
  return validityOf(signing.chain, fields.signing.certificate.field, use);
}

function noticesOf({ transport, signing }: KeySet): readonly OpenBankingError[] {
  return [...transport.notices, ...signing.notices];
}

/** Both sets share fields, which need one notice. */
function distinct(notices: readonly OpenBankingError[]): OpenBankingError[] {
  return [...new Map(notices.map((notice) => [notice.message, notice])).values()];
}

function isDate(date: Date | undefined): date is Date {
  return date !== undefined;
}
