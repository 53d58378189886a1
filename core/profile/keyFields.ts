import { fieldLabels } from './fieldLabels';
import type { BankSettings } from './settings';

/** A text field of the credential. */
export interface TextField {
  readonly text?: string;
  /** Its name, for messages. */
  readonly field: string;
}

/** The fields of the certificate and key of the TLS client. */
export interface TransportFields {
  readonly format: BankSettings['keyFormat'];
  readonly certificate: TextField;
  readonly privateKey: TextField;
  readonly pkcs12: TextField;
  readonly passphrase: TextField;
}

/** The fields of a signing key of its own. */
export interface SigningFields {
  readonly privateKey: TextField;
  readonly passphrase: TextField;
  readonly certificate: TextField;
}

/** The fields of one set of keys. */
export interface KeyFields {
  readonly transport: TransportFields;
  /** `undefined` if the transport key signs. */
  readonly signing?: SigningFields;
  /** Used if "Key ID From" says so. */
  readonly keyId: TextField;
}

/** The fields of the first set of keys. */
export function firstKeyFields(settings: BankSettings): KeyFields {
  const field = fieldReader(settings);
  return {
    transport: {
      format: settings.keyFormat,
      certificate: field('transportCertificate'),
      privateKey: field('transportPrivateKey'),
      pkcs12: field('pkcs12'),
      passphrase: field('passphrase'),
    },
    ...(settings.separateSigningKey && {
      signing: {
        privateKey: field('signingPrivateKey'),
        passphrase: field('signingPassphrase'),
        certificate: field('signingCertificate'),
      },
    }),
    keyId: field('keyId'),
  };
}

/**
 * The fields of the next set of keys. Those of the first set count for what does not change: a renewed certificate may have the same key, and
 * a signing key may outlive a transport key. The parts of {@link firstKeyFields} that do not change are the same objects.
 */
export function nextKeyFields(settings: BankSettings, first: KeyFields): KeyFields {
  const field = fieldReader(settings);
  return {
    transport: nextTransportFields(first.transport, field),
    ...withSigning(nextSigningFields(first.signing, field)),
    keyId: isFilled(field('nextKeyId')) ? field('nextKeyId') : first.keyId,
  };
}

function nextTransportFields(first: TransportFields, field: FieldReader): TransportFields {
  const isPkcs12 = first.format === 'pkcs12';
  const pkcs12 = field('nextPkcs12');
  const [certificate, privateKey] = [
    field('nextTransportCertificate'),
    field('nextTransportPrivateKey'),
  ];
  const passphrase = field('nextPassphrase');
  if (isPkcs12) return isFilled(pkcs12) ? { ...first, pkcs12, passphrase } : first;
  if (isFilled(privateKey)) return { ...first, certificate, privateKey, passphrase };
  return isFilled(certificate) ? { ...first, certificate } : first;
}

function nextSigningFields(
  first: SigningFields | undefined,
  field: FieldReader,
): SigningFields | undefined {
  const [privateKey, certificate] = [
    field('nextSigningPrivateKey'),
    field('nextSigningCertificate'),
  ];
  if (first && !isFilled(privateKey))
    return isFilled(certificate) ? { ...first, certificate } : first;
  if (!isFilled(privateKey) && !isFilled(certificate)) return undefined;
  return { privateKey, certificate, passphrase: field('nextSigningPassphrase') };
}

function withSigning(signing: SigningFields | undefined): Pick<KeyFields, 'signing'> {
  return signing ? { signing } : {};
}

/** Names of the fields that hold text and have a label. */
type TextFieldName = keyof typeof fieldLabels & keyof BankSettings;

type FieldReader = (name: TextFieldName) => TextField;

function fieldReader(settings: BankSettings): FieldReader {
  return (name) => ({ text: settings[name], field: fieldLabels[name] });
}

/** Whether a field holds something. */
export function isFilled({ text }: TextField): boolean {
  return Boolean(text?.trim());
}
