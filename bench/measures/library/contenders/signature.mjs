/** Half of the bound: the RSA signature alone. */
import { constants, createPrivateKey, sign } from 'node:crypto';
import { withoutStackTraces } from '../rawAssertion.mjs';

export function prepare({ pem }) {
  const key = {
    key: createPrivateKey(pem.clientKey),
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
  };
  // As long as an assertion is before it is signed.
  const bytes = Buffer.alloc(360, 'a');
  return { isPartial: true, token: () => withoutStackTraces(() => sign('sha256', bytes, key)) };
}
