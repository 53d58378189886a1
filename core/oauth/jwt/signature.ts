import { constants, sign, type KeyObject, type SignKeyObjectInput } from 'node:crypto';
import type { SigningAlgorithm } from '../../keys/algorithms';

/** What Node.js is told for each algorithm; PSS salts are as long as the hash (RFC 7518 §3.4, §3.5, RFC 8037 §3.1). */
const parameters: Record<
  SigningAlgorithm,
  { hash: 'sha256' | null; options?: Omit<SignKeyObjectInput, 'key'> }
> = {
  PS256: {
    hash: 'sha256',
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  },
  RS256: { hash: 'sha256', options: { padding: constants.RSA_PKCS1_PADDING } },
  ES256: { hash: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
  EdDSA: { hash: null },
};

/**
 * The signature of a JWS (RFC 7515 §5.1).
 *
 * While other token requests are under way it is made on another thread, so that they go on. Otherwise it is made here: a signature with
 * an RSA key of 2048 bits takes a quarter of a millisecond, and to hand it to a thread and back takes a quarter of that again. Large keys
 * are never used here, because they would hold up whatever else n8n does.
 *
 * @param key that fits the algorithm, see `assertAlgorithmFits`
 * @param input the bytes to be signed
 * @param isAlone whether no other token request is under way
 */
export function jwsSignature(
  algorithm: SigningAlgorithm,
  key: KeyObject,
  input: Buffer,
  isAlone: boolean,
): Buffer | Promise<Buffer> {
  const { hash, options } = parameters[algorithm];
  const keyInput = { ...options, key };
  if (isAlone && !isLarge(key)) return withoutStackTraces(() => sign(hash, input, keyInput));
  return new Promise((resolve, reject) => {
    withoutStackTraces(() =>
      sign(hash, input, keyInput, (error, signature) => {
        if (error) reject(error);
        else resolve(signature);
      }),
    );
  });
}

/**
 * Node.js 24 finds out what kind of key it is given by errors that it throws and catches itself. Their stack traces, which nobody sees,
 * take a tenth as long as the signature. The key fits the algorithm, so that none of them is of use to anybody.
 */
function withoutStackTraces<Result>(work: () => Result): Result {
  const { stackTraceLimit } = Error;
  // Not assigned: that would throw where Error is frozen.
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return work();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}

/** With 3072 bits a signature takes a millisecond, with 4096 two. */
function isLarge({ asymmetricKeyDetails }: KeyObject): boolean {
  return (asymmetricKeyDetails?.modulusLength ?? 0) > 3072;
}
