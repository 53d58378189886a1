import type { KeyObject, X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { TlsIdentity } from '../transport/identity';
import { certificateChain } from '../keys/certificateChain';
import {
  parseCertificateAuthorities,
  parseCertificates,
  pemOf,
  type Certificates,
} from '../keys/certificates';
import { digest } from '../lib/digest';
import { fieldLabels } from './fieldLabels';
import { usageNotices } from '../keys/certificateUsage';
import { assertKeyIsStrong } from '../keys/keyChecks';
import { parsePkcs12 } from '../keys/pkcs12';
import { parsePrivateKey } from '../keys/privateKey';
import type { BankSettings } from './settings';

/** Certificate and key of the TLS client. */
export interface TransportKeys {
  readonly identity: TlsIdentity;
  readonly key: KeyObject;
  readonly chain: Certificates;
  /** The field that the certificate stands in. */
  readonly certificateField: string;
  /** The field that the key stands in. */
  readonly keyField: string;
  /** What was repaired, and what is worth a word. */
  readonly notices: OpenBankingError[];
}

/** Certificates and key as they were read, before they are compared. */
interface Read {
  readonly certificates: Certificates;
  readonly key: KeyObject;
  /** The key in PEM. */
  readonly keyPem: string;
  /** Of `keyPem`, where it is encrypted. */
  readonly passphrase?: string;
  readonly fields: { certificate: string; key: string };
  readonly notices: OpenBankingError[];
}

/**
 * Reads certificate and key of the TLS client, checks that they fit each other, and puts the chain into order.
 *
 * @throws OpenBankingError what `parseCertificates`, `parsePrivateKey`, `parsePkcs12`, `assertKeyIsStrong` and `certificateChain` throw;
 * `certificate-authorities-malformed`; `setting-malformed`
 */
export function transportKeys(settings: BankSettings): TransportKeys {
  const read = readKeys(settings);
  const { key, fields } = read;
  assertKeyIsStrong(key, fields.key);
  const authorities = parseCertificateAuthorities(
    settings.certificateAuthorities,
    fieldLabels.certificateAuthorities,
  );
  const chain = certificateChain(read.certificates, key, fields, authorities?.certificates);
  const notices = [
    ...read.notices,
    ...repaired(authorities?.repairs ?? [], fieldLabels.certificateAuthorities),
    ...chain.notices,
    ...usageNotices(chain.certificates[0], 'transport', fields.certificate),
  ];
  return {
    identity: identityOf(settings, read, chain.certificates, authorities?.certificates),
    key,
    chain: chain.certificates,
    certificateField: fields.certificate,
    keyField: fields.key,
    notices,
  };
}

function readKeys(settings: BankSettings): Read {
  const format = settings.keyFormat || 'pem';
  if (format === 'pem') return readPemFields(settings);
  if (format === 'pkcs12') return readPkcs12Field(settings);
  throw new OpenBankingError('setting-malformed', { message: '"Key Format" has an unknown value' });
}

function readPemFields(settings: BankSettings): Read {
  const { transportCertificate: certificate, transportPrivateKey: key } = fieldLabels;
  const chain = parseCertificates(settings.transportCertificate, certificate);
  const parsed = parsePrivateKey(settings.transportPrivateKey, settings.passphrase, key);
  return {
    certificates: chain.certificates,
    key: parsed.key,
    keyPem: parsed.pem ?? pkcs8Of(parsed.key),
    passphrase: parsed.encrypted ? settings.passphrase : undefined,
    fields: { certificate, key },
    notices: [...repaired(chain.repairs, certificate), ...repaired(parsed.repairs, key)],
  };
}

function readPkcs12Field(settings: BankSettings): Read {
  const field = fieldLabels.pkcs12;
  const { certificates, key, legacyCiphers } = parsePkcs12(
    settings.pkcs12,
    settings.passphrase,
    field,
  );
  const notices: OpenBankingError[] = [];
  if (legacyCiphers.length) {
    const message = `"${field}" is encrypted in an outdated way (${legacyCiphers.join(', ')}), and was read all the same`;
    notices.push(new OpenBankingError('pkcs12-legacy', { message }));
  }
  return {
    certificates,
    key,
    keyPem: pkcs8Of(key),
    fields: { certificate: field, key: field },
    notices,
  };
}

function pkcs8Of(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** `pem-repaired`, where something was. */
export function repaired(repairs: readonly string[], field: string): OpenBankingError[] {
  if (repairs.length === 0) return [];
  const message = `"${field}" was repaired: ${repairs.join(', ')}`;
  return [new OpenBankingError('pem-repaired', { message })];
}

function identityOf(
  settings: BankSettings,
  read: Read,
  chain: Certificates,
  authorities: readonly X509Certificate[] | undefined,
): TlsIdentity {
  const identity = {
    certificate: asWritten(settings.transportCertificate, pemOf(chain)),
    privateKey: asWritten(settings.transportPrivateKey, read.keyPem),
    passphrase: read.passphrase || undefined,
    certificateAuthorities: authorities && pemOf(authorities),
  };
  return { ...identity, fingerprint: digest(identity) };
}

/** The text of a field where it says the same: n8n hides secrets in stored executions only where they equal a field to the letter. */
function asWritten(field: string | undefined, pem: string): string {
  return field?.trim() === pem.trim() ? field : pem;
}
