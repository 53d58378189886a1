import { OpenBankingError } from '../errors/OpenBankingError';
import { fieldLabels } from './fieldLabels';
import { assertFieldSizes } from './fieldSizes';
import { assertNoPlaceholder, pemParts, secretFields, secretsOf } from './secretFields';

/** Fields for certificates. They may hold certificates, which are public. */
const certificateFields = new Set([
  'transportCertificate',
  'signingCertificate',
  'nextTransportCertificate',
  'nextSigningCertificate',
  'certificateAuthorities',
]);

/** Number of letters of a private key in a row that are no coincidence. */
const PART = 16;

/** A secret as it is looked for. */
interface SoughtSecret {
  /** The name of its field. */
  readonly field: string;
  readonly values: readonly string[];
  readonly material: readonly Material[];
}

/**
 * Refuses a secret in a field that is not secret: a key, certificate or token that was pasted into it, or the secret of another field, which
 * an expression (`$self`) can put there. The field would be shown, sent to the bank, or written to a log. The message does not repeat it.
 *
 * A secret field is refused if n8n's placeholder is in it, see {@link assertNoPlaceholder}.
 *
 * All text fields are checked except {@link secretFields}. An expression that disguises a secret well enough is not found: whoever may edit
 * a credential can read it.
 *
 * @param settings all fields of the credential
 * @throws OpenBankingError `field-malformed`
 */
export function assertNoSecretInPlainFields(settings: object): void {
  assertNoPlaceholder(settings);
  assertFieldSizes(settings as Record<string, unknown>);
  const secrets = secretsOf(settings as Record<string, unknown>).map(
    ({ field, values, material }): SoughtSecret => ({
      field,
      values: values.map(squeezed),
      material: material.map((letters) => new Material(squeezed(letters))),
    }),
  );
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value !== 'string' || Object.hasOwn(secretFields, name)) continue;
    const isForCertificates = certificateFields.has(name);
    const content = isForCertificates ? keyBesideCertificate(value) : misplacedContent(value);
    const field = labelOf(name);
    if (content) {
      throw new OpenBankingError('field-malformed', {
        problem: 'foreign',
        values: { field, content },
        description: isForCertificates
          ? 'This field is not secret. Leave only the certificates in it. The field for the private key may hold both.'
          : `Empty this field, and fill in what the bank calls ${field}. ${content === 'a private key' ? 'The key belongs in "Transport Private Key"; treat it as known to those who could see this field.' : 'Put the other content into its own field.'} Nothing was sent.`,
      });
    }
    const text = isForCertificates ? pemParts(value).rest : value;
    const secret = secretIn(text, secrets, isForCertificates);
    if (!secret) continue;
    throw new OpenBankingError('field-malformed', {
      problem: 'secret',
      values: { field, secret: labelOf(secret.field) },
      description: `"${field}" is not secret: it is shown, sent to the bank, or logged. Remove the secret from it. If both contain the same word by chance, choose another "${labelOf(secret.field)}".`,
    });
  }
}

function labelOf(name: string): string {
  return Object.hasOwn(fieldLabels, name) ? fieldLabels[name as keyof typeof fieldLabels] : name;
}

/** The kind of a text that belongs in another field; `undefined` if it may be the value of a plain field. */
function misplacedContent(text: string): string | undefined {
  const [, kind] = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text) ?? [];
  if (kind?.includes('PRIVATE KEY') || /PRIVATE KEY-----/.test(text)) return 'a private key';
  if (kind?.includes('CERTIFICATE')) return 'a certificate';
  if (kind !== undefined) return 'a key or certificate in PEM';
  if (/^\s*\{[^]*"kty"\s*:/.test(text)) return 'a key (JWK)';
  // DER in base64 begins with these letters: a PKCS#12 file, or a PEM file without its first line.
  if (/^\s*MI[A-Za-z0-9+/=\s]{200,}$/.test(text)) return 'a key or certificate in base64';
  if (/^\s*ey[\w-]+\.[\w-]+\.[\w-]*/.test(text)) return 'a token (JWT)';
  return undefined;
}

/** A field with a private key alone is refused later, with the reason that it holds no certificate. */
function keyBesideCertificate(text: string): string | undefined {
  if (!text.includes('PRIVATE KEY') || !text.includes('CERTIFICATE')) return undefined;
  return 'a private key';
}

/**
 * The first secret that a text contains, in one of the forms that {@link formsOf} undoes. A certificate has letters in common with its
 * private key (the public key), and a text that is no certificate is never sent from a field for certificates.
 */
function secretIn(
  text: string,
  secrets: readonly SoughtSecret[],
  isForCertificates: boolean,
): SoughtSecret | undefined {
  if (text.trim().length < 8 || secrets.length === 0) return undefined;
  const forms = formsOf(text);
  return secrets.find(
    ({ values, material }) =>
      values.some((value) => containsAny(forms, value)) ||
      (!isForCertificates && material.some((letters) => letters.sharesPart(forms))),
  );
}

function containsAny(forms: readonly string[], value: string): boolean {
  return value.length > 0 && forms.some((form) => form.includes(value));
}

/** The letters of a key, of which no part may be in another field. */
class Material {
  #parts?: Set<string>;

  constructor(private readonly letters: string) {}

  /** Whether one of some texts contains a part of it. */
  sharesPart(forms: readonly string[]): boolean {
    return this.letters.length >= PART && forms.some((form) => this.#hasPartOf(form));
  }

  #hasPartOf(form: string): boolean {
    // Most fields and keys are short, and a set takes long to make.
    const isShort = form.length * this.letters.length < 2_000_000;
    for (let at = 0; at + PART <= form.length; at++) {
      const part = form.slice(at, at + PART);
      if (isShort ? this.letters.includes(part) : this.#allParts().has(part)) return true;
    }
    return false;
  }

  #allParts(): Set<string> {
    if (!this.#parts) {
      this.#parts = new Set();
      for (let at = 0; at + PART <= this.letters.length; at++) {
        this.#parts.add(this.letters.slice(at, at + PART));
      }
    }
    return this.#parts;
  }
}

/**
 * A text without white space, case, and what JSON puts before some characters. No pattern begins with any number of backslashes: a long
 * row of them would take hours.
 */
function squeezed(text: string): string {
  return text
    .replace(/\\{1,4}u00([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\{1,4}[nrt]|\\|\s+/g, '')
    .toLowerCase();
}

/** A text as it is, percent-decoded, and decoded from base64 and hex; each also from its end. */
function formsOf(text: string): string[] {
  const compact = text.replace(/\s+/g, '');
  const decoded = [text, percentDecoded(text)];
  const base64 = compact.replaceAll('-', '+').replaceAll('_', '/');
  if (/^[A-Za-z\d+/]{8,}={0,2}$/.test(base64)) decoded.push(asText(Buffer.from(base64, 'base64')));
  if (/^([\da-f]{2}){8,}$/i.test(compact)) decoded.push(asText(Buffer.from(compact, 'hex')));
  const forms = new Set(decoded.map(squeezed));
  return [...forms].flatMap((form) => [form, [...form].reverse().join('')]);
}

/** Bytes of any encoding: ones that are no text do not matter. */
function asText(bytes: Buffer): string {
  return bytes.toString('utf8');
}

/** Decoded twice at most, because nobody encodes more often by mistake. */
function percentDecoded(text: string): string {
  let decoded = text;
  try {
    for (let times = 0; times < 2 && decoded.includes('%'); times++) {
      decoded = decodeURIComponent(decoded);
    }
  } catch {
    // A percent sign that encodes nothing.
  }
  return decoded;
}
