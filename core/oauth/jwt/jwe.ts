import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import type { MessageDetails } from '../../errors/catalogue';
import type { DecryptionKey } from '../../keys/decryptionKeys';
import { isAbsent, shown } from './candidateKeys';
import { headerExtension, joseHeader } from './joseHeader';

/** The kinds of keys that an algorithm decrypts with. */
interface Recipient {
  /** With its article, for messages. */
  readonly name: string;
  /** By `asymmetricKeyType`. */
  readonly types: readonly string[];
}

const rsa: Recipient = { name: 'an RSA key', types: ['rsa'] };
const ecdh: Recipient = { name: 'an EC or X25519 key', types: ['ec', 'x25519'] };

/**
 * The algorithms that banks encrypt a content key with (RFC 7518 §4.1, RFC 8037 §3.2). FAPI 1.0 Advanced §8.6.1 forbids RSA1_5. jose supports
 * more.
 */
const RECIPIENTS: Readonly<Record<string, Recipient>> = {
  'RSA-OAEP': rsa,
  'RSA-OAEP-256': rsa,
  'ECDH-ES': ecdh,
  'ECDH-ES+A128KW': ecdh,
  'ECDH-ES+A256KW': ecdh,
};

/** The algorithms that banks encrypt content with (RFC 7518 §5.1). */
const CONTENT_ALGORITHMS = ['A256GCM', 'A128GCM', 'A256CBC-HS512', 'A128CBC-HS256'];

const ALGORITHMS = {
  keyManagementAlgorithms: Object.keys(RECIPIENTS),
  contentEncryptionAlgorithms: CONTENT_ALGORITHMS,
} satisfies Parameters<typeof compactDecrypt>[2];

/** Maximum number of keys that a message names. */
const SHOWN_KEYS = 5;

/** The reason why a JWE does not decrypt. */
export class NotDecrypted extends Error {
  /** @param details those of `jwt-decryption` */
  constructor(readonly details: MessageDetails<'jwt-decryption', 'jwt'>) {
    super(`not decrypted: ${details.problem}`);
  }
}

/** Whether a JWT is encrypted: a JWE in compact form has five parts (RFC 7516 §3.1). */
export function isJwe(jwt: string): boolean {
  return jwt.split('.', 6).length === 5;
}

/**
 * Decrypts a JWE in compact form (RFC 7516 §5.2). If it names one of the keys (`kid`), this key is tried. Otherwise all that fit its algorithm
 * are tried: an assigned name may not be known here.
 *
 * Before that, `crit` and `zip` are refused, and algorithms that banks do not use.
 *
 * @throws NotDecrypted
 */
export async function decrypted(jwt: string, keys: readonly DecryptionKey[]): Promise<string> {
  const { alg, enc, kid } = joseHeader(jwt);
  const extension = headerExtension(jwt);
  if (extension) throw notSupported(`"${extension}"`);
  const recipient = typeof alg === 'string' && Object.hasOwn(RECIPIENTS, alg) && RECIPIENTS[alg];
  if (!recipient) throw notSupported(named(alg));
  if (!CONTENT_ALGORITHMS.includes(enc as string)) throw notSupported(named(enc));
  const algorithm = alg;
  const held = namesOf(keys);
  const fitting = keys.filter(({ key }) => recipient.types.includes(key.asymmetricKeyType!));
  if (fitting.length === 0) {
    const values = { algorithm, needed: recipient.name, held };
    throw new NotDecrypted({ problem: 'kind', values });
  }
  const meant = fitting.filter(({ keyIds }) => keyIds.includes(kid as string));
  for (const { key } of meant.length > 0 ? meant : fitting) {
    try {
      const { plaintext } = await compactDecrypt(jwt, key, ALGORITHMS);
      return Buffer.from(plaintext).toString('utf8');
    } catch {
      // It is for another key, or damaged.
    }
  }
  if (isAbsent(kid)) throw new NotDecrypted({ problem: 'anyKey', values: { algorithm, held } });
  const wanted = shown(kid);
  throw meant.length > 0
    ? new NotDecrypted({ problem: 'namedKey', values: { algorithm, wanted } })
    : new NotDecrypted({ problem: 'unknownKey', values: { algorithm, wanted, held } });
}

function notSupported(name: string): NotDecrypted {
  return new NotDecrypted({ problem: 'algorithm', values: { named: name } });
}

function named(algorithm: unknown): string {
  return isAbsent(algorithm) ? 'no algorithm' : shown(algorithm);
}

/** The kinds and names of keys, as messages show them. */
function namesOf(keys: readonly DecryptionKey[]): string {
  const names = keys
    .slice(0, SHOWN_KEYS)
    .map(
      ({ key, keyIds: [keyId] }) =>
        `${KINDS[key.asymmetricKeyType!] ?? 'another'} key ${shown(keyId)}`,
    );
  const more = keys.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const KINDS: Partial<Record<string, string>> = {
  rsa: 'the RSA',
  ec: 'the EC',
  x25519: 'the X25519',
  ed25519: 'the Ed25519',
};
