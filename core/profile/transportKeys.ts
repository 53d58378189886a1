import type { KeyObject, X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { TlsIdentity } from '../transport/identity';
import { wellKnownAuthorities } from '../transport/wellKnownAuthorities';
import { orderChain } from '../keys/certificateChain';
import {
  parseCertificateAuthorities,
  parseCertificates,
  pemOf,
  type Certificates,
} from '../keys/certificates';
import { digest } from '../lib/digest';
import { fieldLabels } from './fieldLabels';
import { usageNotices } from '../keys/certificateUsage';
import { chooseKey, nextOf } from '../keys/keyChoice';
import { parsePkcs12 } from '../keys/pkcs12';
import { parsePrivateKeys, type ReadKey } from '../keys/privateKey';
import { isFilled, type TransportFields } from './keyFields';
import type { BankSettings } from './settings';

/** Certificates and key of the TLS client, checked and in order. */
export interface TransportKeys {
  readonly identity: TlsIdentity;
  readonly key: KeyObject;
  readonly chain: Certificates;
  /** Name of the field of the certificate. */
  readonly certificateField: string;
  /** Name of the field of the key. */
  readonly keyField: string;
  /** Other private keys of the fields, which are not used now. */
  readonly otherKeys: readonly KeyObject[];
  /** The time at which another key or chain may be the right one; `undefined` if there is no other. */
  readonly choiceUntil?: Date;
  /** Warnings and repairs. */
  readonly notices: OpenBankingError[];
}

/** Certificates and keys of the fields, before one is chosen. */
interface KeyMaterial {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly ReadKey[];
  readonly fields: { certificate: string; key: string };
  readonly notices: OpenBankingError[];
}

/**
 * Reads the certificates and keys of the TLS client, chooses the key and certificate that are right at a time, and orders the chain.
 *
 * @throws OpenBankingError those of `parseCertificates`, `parsePrivateKeys`, `parsePkcs12`, `chooseKey`;
 * `certificate-malformed`; `field-malformed`
 */
export async function transportKeys(
  given: TransportFields,
  settings: BankSettings,
  now: Date,
): Promise<TransportKeys> {
  const material = await readKeys(given);
  const { fields } = material;
  const choice = chooseKey(material.keys, material.certificates, 'transport', fields, now);
  const { key } = choice.key;
  const authorities = parseCertificateAuthorities(
    settings.certificateAuthorities,
    fieldLabels.certificateAuthorities,
  );
  const chain = orderChain(material.certificates, choice.certificate, {
    field: fields.certificate,
    roots: authorities?.certificates,
    now,
    leftOut: choice.leftOut,
    hasVisibleOrder: given.format !== 'pkcs12',
  });
  const notices = [
    ...material.notices,
    ...repairNotices(authorities?.repairs ?? [], fieldLabels.certificateAuthorities),
    ...chain.notices,
    ...usageNotices(chain.certificates[0], 'transport', fields.certificate),
  ];
  return {
    identity: identityOf(given, choice.key, chain.certificates, {
      settings,
      own: authorities?.certificates,
    }),
    key,
    chain: chain.certificates,
    certificateField: fields.certificate,
    keyField: fields.key,
    otherKeys: material.keys.map((each) => each.key).filter((each) => each !== key),
    choiceUntil: nextOf([...choice.dates, ...chain.dates], now),
    notices,
  };
}

async function readKeys(given: TransportFields): Promise<KeyMaterial> {
  const format = given.format || 'pem';
  if (format === 'pem') return readPemFields(given);
  if (format === 'pkcs12') return readPkcs12Field(given);
  throw new OpenBankingError('field-malformed', {
    problem: 'unknownValue',
    values: { field: 'Key Format' },
  });
}

async function readPemFields(fields: TransportFields): Promise<KeyMaterial> {
  const [certificate, key] = [fields.certificate.field, fields.privateKey.field];
  // A complete certificate field says what is wrong with it before the key is read; an empty one may be filled from the key field.
  const given = isFilled(fields.certificate)
    ? parseCertificates(fields.certificate.text, certificate)
    : undefined;
  if (!given && !isFilled(fields.privateKey)) parseCertificates('', certificate);
  const parsed = await parsePrivateKeys(fields.privateKey.text, fields.passphrase.text, key);
  const beside = parsed.certificates.length ? parsed.certificates : undefined;
  const certificates =
    given?.certificates ?? beside ?? parseCertificates('', certificate).certificates;
  return {
    certificates,
    keys: parsed.keys,
    fields: { certificate: given ? certificate : key, key },
    notices: [
      ...repairNotices(given?.repairs ?? [], certificate),
      ...repairNotices(parsed.repairs, key),
      ...repairNotices(parsed.passphraseRepairs, fields.passphrase.field),
    ],
  };
}

async function readPkcs12Field({ pkcs12, passphrase }: TransportFields): Promise<KeyMaterial> {
  const { field } = pkcs12;
  const { certificates, keys, legacyCiphers, repairs, passphraseRepairs } = await parsePkcs12(
    pkcs12.text,
    passphrase.text,
    field,
  );
  const notices = [
    ...repairNotices(repairs, field),
    ...repairNotices(passphraseRepairs, passphrase.field),
  ];
  if (legacyCiphers.length) {
    const values = { field, ciphers: legacyCiphers.join(', ') };
    notices.push(new OpenBankingError('pkcs12-legacy', { values }));
  }
  return {
    certificates,
    keys: keys.map((key) => ({ key })),
    fields: { certificate: field, key: field },
    notices,
  };
}

function pkcs8Of(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The notice `pem-repaired`; empty if there are no repairs. */
export function repairNotices(repairs: readonly string[], field: string): OpenBankingError[] {
  if (repairs.length === 0) return [];
  const values = { field, repairs: repairs.join(', ') };
  return [new OpenBankingError('pem-repaired', { problem: 'text', values })];
}

function identityOf(
  fields: TransportFields,
  { key, pem, passphrase }: ReadKey,
  chain: Certificates,
  authorities: { settings: BankSettings; own: readonly X509Certificate[] | undefined },
): TlsIdentity {
  const identity = {
    certificate: asInField(fields.certificate.text, pemOf(chain)),
    privateKey: asInField(fields.privateKey.text, pem ?? pkcs8Of(key)),
    passphrase,
    ...(authorities.own && authoritiesOf(authorities.settings, authorities.own)),
  };
  return { ...identity, fingerprint: digest(identity) };
}

function authoritiesOf(
  { trustWellKnownAuthorities: trustsWellKnown }: BankSettings,
  authorities: readonly X509Certificate[],
): Pick<TlsIdentity, 'certificateAuthorities' | 'trustsWellKnown'> {
  const own = pemOf(authorities);
  if (!trustsWellKnown) return { certificateAuthorities: own };
  return { certificateAuthorities: `${own}${wellKnownAuthorities()}`, trustsWellKnown };
}

/**
 * The text of a field if it is the same PEM apart from white space around it; otherwise the PEM. n8n masks a secret in executions only if
 * the secret equals a field exactly.
 */
function asInField(field: string | undefined, pem: string): string {
  return field?.trim() === pem.trim() ? field : pem;
}
