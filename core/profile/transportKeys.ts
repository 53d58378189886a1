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
import { assertKeyIsUsable } from '../keys/keyChecks';
import { parsePkcs12 } from '../keys/pkcs12';
import { parsePrivateKey } from '../keys/privateKey';
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
  /** Warnings and repairs. */
  readonly notices: OpenBankingError[];
}

/** Certificates and key of the fields, before they are compared and ordered. */
interface KeyMaterial {
  readonly certificates: Certificates;
  readonly key: KeyObject;
  /** The key in the PEM that was pasted; `undefined` if it was a JWK or in a PKCS#12 file. */
  readonly keyPem?: string;
  /** Passphrase of `keyPem`, if it is encrypted. */
  readonly passphrase?: string;
  readonly fields: { certificate: string; key: string };
  readonly notices: OpenBankingError[];
}

/**
 * Reads the certificates and key of the TLS client, checks that they belong together, and orders the chain.
 *
 * @throws OpenBankingError those of `parseCertificates`, `parsePrivateKey`, `parsePkcs12`, `assertKeyIsUsable` and `orderChain`;
 * `certificate-malformed`; `field-malformed`
 */
export function transportKeys(settings: BankSettings): TransportKeys {
  const material = readKeys(settings);
  const { key, fields } = material;
  assertKeyIsUsable(key, fields.key);
  const authorities = parseCertificateAuthorities(
    settings.certificateAuthorities,
    fieldLabels.certificateAuthorities,
  );
  const chain = orderChain(material.certificates, key, fields, authorities?.certificates);
  const notices = [
    ...material.notices,
    ...repairNotices(authorities?.repairs ?? [], fieldLabels.certificateAuthorities),
    ...chain.notices,
    ...usageNotices(chain.certificates[0], 'transport', fields.certificate),
  ];
  return {
    identity: identityOf(settings, material, chain.certificates, authorities?.certificates),
    key,
    chain: chain.certificates,
    certificateField: fields.certificate,
    keyField: fields.key,
    notices,
  };
}

function readKeys(settings: BankSettings): KeyMaterial {
  const format = settings.keyFormat || 'pem';
  if (format === 'pem') return readPemFields(settings);
  if (format === 'pkcs12') return readPkcs12Field(settings);
  throw new OpenBankingError('field-malformed', {
    problem: 'unknownValue',
    values: { field: 'Key Format' },
  });
}

function readPemFields(settings: BankSettings): KeyMaterial {
  const { transportCertificate: certificate, transportPrivateKey: key } = fieldLabels;
  const chain = parseCertificates(settings.transportCertificate, certificate);
  const parsed = parsePrivateKey(settings.transportPrivateKey, settings.passphrase, key);
  return {
    certificates: chain.certificates,
    key: parsed.key,
    keyPem: parsed.pem,
    passphrase: parsed.encrypted ? settings.passphrase : undefined,
    fields: { certificate, key },
    notices: [...repairNotices(chain.repairs, certificate), ...repairNotices(parsed.repairs, key)],
  };
}

function readPkcs12Field(settings: BankSettings): KeyMaterial {
  const field = fieldLabels.pkcs12;
  const { certificates, key, legacyCiphers } = parsePkcs12(
    settings.pkcs12,
    settings.passphrase,
    field,
  );
  const notices: OpenBankingError[] = [];
  if (legacyCiphers.length) {
    const values = { field, ciphers: legacyCiphers.join(', ') };
    notices.push(new OpenBankingError('pkcs12-legacy', { values }));
  }
  return {
    certificates,
    key,
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
  settings: BankSettings,
  material: KeyMaterial,
  chain: Certificates,
  authorities: readonly X509Certificate[] | undefined,
): TlsIdentity {
  const identity = {
    certificate: asInField(settings.transportCertificate, pemOf(chain)),
    privateKey: asInField(settings.transportPrivateKey, material.keyPem ?? pkcs8Of(material.key)),
    passphrase: material.passphrase || undefined,
    ...(authorities && authoritiesOf(settings, authorities)),
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
