import type { KeyObject, X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { kindOfDer } from './derKind';
import { assertKeyDecrypts } from './keyChecks';
import { belongsTo } from './keyChoice';
import { keyIdCandidates } from './keyId';
import { KEY_LIMITS, tooManyKeys } from './keyLimits';
import { binaryIn } from './pastedBytes';
import { parsePkcs12 } from './pkcs12';
import { jsonIn, jwkIn, parsePrivateKeys, privateJwk } from './privateKey';

/** A private key that may decrypt JWTs of a bank. */
export interface DecryptionKey {
  readonly key: KeyObject;
  /** The names that a JWE may give it (`kid`): an assigned one first, and those that are computed from the key and its certificate. */
  readonly keyIds: readonly string[];
}

/** Decryption keys as a person pasted them into a field. */
export interface ParsedDecryptionKeys {
  readonly keys: readonly DecryptionKey[];
  /** Repairs to the text, as clauses. */
  readonly repairs: readonly string[];
  /** Repairs to the passphrase, as clauses. */
  readonly passphraseRepairs: readonly string[];
}

/** A key, and what names it. */
interface NamedKey {
  readonly key: KeyObject;
  readonly keyId?: string;
  readonly certificates: readonly X509Certificate[];
}

/**
 * Reads the decryption keys of a field: PEM, a JWK or JWK set (RFC 7517), or a PKCS#12 file in base64. Keys of a set that are for signatures
 * are left out.
 *
 * @param field the field's name, for the message
 * @throws OpenBankingError `private-key-malformed`, `key-unsupported`, and those of `parsePrivateKeys` and `parsePkcs12`
 */
export async function parseDecryptionKeys(
  given: string,
  passphrase: string | undefined,
  field: string,
): Promise<ParsedDecryptionKeys> {
  const { named, ...repairs } = await namedKeys(given, passphrase, field);
  for (const { key } of named) assertKeyDecrypts(key, field);
  return { keys: await Promise.all(named.map(withKeyIds)), ...repairs };
}

async function namedKeys(
  given: string,
  passphrase: string | undefined,
  field: string,
): Promise<Omit<ParsedDecryptionKeys, 'keys'> & { named: readonly NamedKey[] }> {
  const json = jsonIn(given);
  if (json) return { named: keysOfJson(json, field), repairs: [], passphraseRepairs: [] };
  const { bytes } = binaryIn(given);
  if (bytes && kindOfDer(bytes) === 'PKCS12') {
    const file = await parsePkcs12(given, passphrase, field);
    const named = file.keys.map((key) => ({ key, certificates: file.certificates }));
    return { named, repairs: file.repairs, passphraseRepairs: file.passphraseRepairs };
  }
  const parsed = await parsePrivateKeys(given, passphrase, field, 'decryptionKey');
  const named = parsed.keys.map(({ key }) => ({ key, certificates: parsed.certificates }));
  return { named, repairs: parsed.repairs, passphraseRepairs: parsed.passphraseRepairs };
}

function keysOfJson(json: string, field: string): readonly NamedKey[] {
  const content = jwkIn(json, field);
  const jwks = (Array.isArray(content.keys) ? content.keys : [content]) as unknown[];
  if (jwks.length > KEY_LIMITS.keys) throw tooManyKeys(field);
  const members = jwks.map((jwk) => Object(jwk) as Record<string, unknown>);
  const forDecryption = members.filter((jwk) => !isForSignatures(jwk));
  if (members.length > 0 && forDecryption.length === 0) {
    throw new OpenBankingError('private-key-malformed', {
      problem: 'signatures',
      values: { field },
      description:
        'Paste the private key that is registered for encryption ("use": "enc"). The signing key has a field of its own.',
    });
  }
  if (forDecryption.length === 0) {
    throw new OpenBankingError('private-key-malformed', { problem: 'noKey', values: { field } });
  }
  return forDecryption.map((jwk) => ({
    ...privateJwk(jwk, field),
    ...(typeof jwk.kid === 'string' && jwk.kid !== '' && { keyId: jwk.kid }),
  }));
}

/** JWS algorithms of keys that could also decrypt (RFC 7518 §3.1). */
const SIGNATURES = /^(RS|PS|ES)\d{3}$/;

function isForSignatures({ use, alg }: Record<string, unknown>): boolean {
  return use === 'sig' || (typeof alg === 'string' && SIGNATURES.test(alg));
}

async function withKeyIds({ key, keyId, certificates }: NamedKey): Promise<DecryptionKey> {
  return decryptionKey(key, certificates, keyId);
}

/**
 * A key with the names that a JWE may give it.
 *
 * @param certificates those of the key, and perhaps others
 * @param keyId an assigned name
 */
export async function decryptionKey(
  key: KeyObject,
  certificates: readonly X509Certificate[],
  keyId?: string,
): Promise<DecryptionKey> {
  const certificate = certificates.find((each) => belongsTo(key, each));
  const computed = await keyIdCandidates({ key, ...(certificate && { certificate }) });
  return {
    key,
    keyIds: [...(keyId === undefined ? [] : [keyId]), ...computed.map((each) => each.keyId)],
  };
}
