import { OpenBankingError } from '../errors/OpenBankingError';
import { linesOf } from './extraHeaders';
import { fieldLabels } from './fieldLabels';
import type { BankSettings } from './settings';

/** The kind of a secret decides which of its parts are looked for in other fields. */
type SecretKind = 'key' | 'text' | 'words' | 'connection' | 'lines';

/** Secret fields of settings for the bank. */
type SecretSettings =
  | 'transportPrivateKey'
  | 'pkcs12'
  | 'passphrase'
  | 'signingPrivateKey'
  | 'signingPassphrase'
  | 'decryptionKeys'
  | 'decryptionPassphrase'
  | 'nextTransportPrivateKey'
  | 'nextPkcs12'
  | 'nextPassphrase'
  | 'nextSigningPrivateKey'
  | 'nextSigningPassphrase'
  | 'clientSecret'
  | 'extraHeaders'
  | 'accountApiHeaders';

/**
 * The credential's password fields. All other fields are shown, sent or logged unchanged, and must not contain one of these.
 * - `key`: a private key, in whatever form, of which also a part is secret;
 * - `text`: secret as a whole;
 * - `words`: keys that are separated by white space;
 * - `connection`: a connection string, whose password is secret;
 * - `lines`: lines of `name: value`, whose values are secret.
 */
export const secretFields: Readonly<
  Record<SecretSettings & keyof BankSettings, SecretKind> & Record<string, SecretKind>
> = {
  transportPrivateKey: 'key',
  pkcs12: 'key',
  passphrase: 'text',
  signingPrivateKey: 'key',
  signingPassphrase: 'text',
  decryptionKeys: 'key',
  decryptionPassphrase: 'text',
  nextTransportPrivateKey: 'key',
  nextPkcs12: 'key',
  nextPassphrase: 'text',
  nextSigningPrivateKey: 'key',
  nextSigningPassphrase: 'text',
  clientSecret: 'text',
  postgresUrl: 'connection',
  encryptionKey: 'words',
  firstRefreshToken: 'text',
  extraHeaders: 'lines',
  accountApiHeaders: 'lines',
};

/** The beginning of n8n's placeholder for a stored secret. n8n puts the secret back only if the field holds the placeholder alone. */
const PLACEHOLDER = '__n8n_BLANK_VALUE_';

/** The values to fill in again, for fields that take more than one value. */
const wholeContents: Readonly<Record<string, string>> = {
  decryptionKeys: ' Here: all keys.',
  encryptionKey: ' Here: the new key, a space, and the former key.',
  extraHeaders: ' Here: all headers.',
  accountApiHeaders: ' Here: all headers.',
};

/**
 * Refuses a secret field whose text was added to n8n's placeholder. The stored secret is lost then, and everybody knows the placeholder.
 *
 * @param settings all fields of the credential, or some of them
 * @throws OpenBankingError `field-malformed`
 */
export function assertNoPlaceholder(settings: object): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(secretFields, name)) continue;
    if (typeof value !== 'string' || !value.includes(PLACEHOLDER)) continue;
    throw new OpenBankingError('field-malformed', {
      problem: 'placeholder',
      values: { field: (fieldLabels as Readonly<Record<string, string>>)[name] ?? name },
      description: `n8n does not show a stored value, and saved its own placeholder in its place. Empty the field, and fill in everything again.${wholeContents[name] ?? ''} Nothing was sent or stored.`,
    });
  }
}

/** A secret of a credential. */
export interface Secret {
  /** The name of its field. */
  readonly field: string;
  /** Texts that must not be in another field. */
  readonly values: readonly string[];
  /** Texts of which no part may be in another field. */
  readonly material: readonly string[];
}

/** A shorter text is in other fields by chance. */
const SHORTEST = 8;

/** A shorter value of a header is looked for only if it has a digit: words like "production" are in addresses, too. */
const SHORTEST_WORD = 16;

/** The secrets of a credential's fields. */
export function secretsOf(settings: Readonly<Record<string, unknown>>): Secret[] {
  return Object.entries(secretFields).flatMap(([field, kind]) => {
    const given = settings[field];
    if (typeof given !== 'string' || !given.trim()) return [];
    const material = kind === 'key' ? materialOf(given) : [];
    const values = valuesOf(given.trim(), kind).filter((value) => value.length >= SHORTEST);
    return [{ field, values, material }];
  });
}

function valuesOf(given: string, kind: SecretKind): string[] {
  switch (kind) {
    case 'words':
      return given.split(/\s+/);
    case 'connection':
      return [given, ...passwordsIn(given)];
    case 'lines':
      return linesOf(given)
        .map((line) => line.slice(line.indexOf(':') + 1).trim())
        .filter((value) => value.length >= SHORTEST_WORD || /\d/.test(value));
    case 'text':
      return [given];
    case 'key':
      return [];
  }
}

/** The password of a connection string, as it stands there and decoded. */
function passwordsIn(connection: string): string[] {
  const [, password = ''] = /^[a-z]+:\/\/[^:@/\s]*:([^\s]+)@/i.exec(connection) ?? [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** The letters of a private key. Public parts are left out: certificates in the same field, and the public members of a JWK. */
function materialOf(given: string): string[] {
  if (/^[\s"'\ufeff]*\{/.test(given)) {
    const members = given.matchAll(/\\?"(?:d|p|q|dp|dq|qi|k)\\?"\s*:\s*\\?"([^"\\]+)/g);
    return [...members].map(([, value]) => value!);
  }
  const { keys, rest } = pemParts(given);
  return (keys.length ? keys : [rest]).map((text) =>
    text.replace(/(Proc-Type|DEK-Info):[^\n\\]*|\\[rn]|\s+/g, ''),
  );
}

/** The contents of the private keys of a PEM text, and the text without its certificates. The time grows with the length alone. */
export function pemParts(text: string): { keys: string[]; rest: string } {
  const keys: string[] = [];
  const parts = text.split(/-----END [A-Z\d. ]{1,40}-----/);
  const last = parts.pop()!;
  const kept = parts.map((part) => {
    const start = part.lastIndexOf('-----BEGIN ');
    const block = part.slice(Math.max(start, 0));
    const [line = '', label = ''] = /^-----BEGIN ([A-Z\d. ]{1,40})-----/.exec(block) ?? [];
    if (label.endsWith('PRIVATE KEY')) keys.push(block.slice(line.length));
    return label.endsWith('CERTIFICATE') ? part.slice(0, start) : part;
  });
  return { keys, rest: [...kept, last].join(' ') };
}
