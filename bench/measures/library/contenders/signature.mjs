/** One part of the physical limit: the RSA signature. */
import { constants, createPrivateKey, sign } from 'node:crypto';
import { withoutStackTraces } from '../rawAssertion.mjs';

export function prepare({ pem }) {
  const key = {
    key: createPrivateKey(pem.clientKey),
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
  };
  // The length of an unsigned assertion.
  const bytes = Buffer.alloc(360, 'a');
  return { isPartial: true, token: () => withoutStackTraces(() => sign('sha256', bytes, key)) };
}
