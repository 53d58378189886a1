import { constants, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { der, elementsOf, identifier, sequence } from './der';

const RSA_SHA256 = identifier('1.2.840.113549.1.1.11');
const PSS = identifier('1.2.840.113549.1.1.10');
const SHA256 = sequence(identifier('2.16.840.1.101.3.4.2.1'));
const MGF1 = sequence(identifier('1.2.840.113549.1.1.8'), SHA256);

/** Ways in which large authorities write the algorithm of a signature: allowed, and not as most programs write it. */
export const LEAN_ALGORITHMS = {
  'sha256WithRSA without NULL': { algorithm: sequence(RSA_SHA256), padding: {} },
  'RSASSA-PSS without NULL and without the default salt length': {
    algorithm: sequence(PSS, sequence(der(0xa0, SHA256), der(0xa1, MGF1))),
    padding: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 },
  },
};

/** A certificate with another algorithm, signed again. */
export function signedLeanly(
  certificate: string,
  issuerKey: KeyObject,
  { algorithm, padding }: (typeof LEAN_ALGORITHMS)[keyof typeof LEAN_ALGORITHMS],
): X509Certificate {
  const [content] = elementsOf(new X509Certificate(certificate).raw);
  const [version, serial, , ...rest] = elementsOf(content!);
  const changed = sequence(version!, serial!, algorithm, ...rest);
  const signature = sign('sha256', changed, { key: issuerKey, ...padding });
  return new X509Certificate(sequence(changed, algorithm, der(3, Buffer.from([0]), signature)));
}
