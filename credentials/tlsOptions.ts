import type { IHttpRequestOptions } from 'n8n-workflow';
import { OpenBankingError } from '../core/errors/OpenBankingError';
import { withoutBrackets } from '../core/transport/addresses';
import type { TlsIdentity } from '../core/transport/identity';
import { verifyName } from '../core/transport/serverName';

/** The options that can switch the verification of the server off, by the names in n8n's older and newer helpers. */
export type VerificationOptions = Pick<
  IHttpRequestOptions,
  'agentOptions' | 'skipSslCertificateValidation'
> & { rejectUnauthorized?: boolean };

/**
 * The TLS options of a request: the client certificate of the credential, unless the node has its own, and the authorities of the
 * credential. The server is verified whatever the environment says (`NODE_TLS_REJECT_UNAUTHORIZED`), and for the name in the address: behind
 * a proxy, or with a "Host" header, Node.js would compare another name. Other options of the node are left out.
 *
 * @param hostname of the address
 * @throws OpenBankingError `option-refused` if the node switches verification off or has its own authorities
 */
export function tlsOptions(
  given: VerificationOptions,
  identity: TlsIdentity,
  hostname: string,
): VerificationOptions {
  const { cert, key, pfx, passphrase, ca, rejectUnauthorized } = given.agentOptions ?? {};
  if (
    given.rejectUnauthorized === false ||
    given.skipSslCertificateValidation === true ||
    rejectUnauthorized === false
  ) {
    throw new OpenBankingError('option-refused', { problem: 'verification' });
  }
  if (ca) throw new OpenBankingError('option-refused', { problem: 'authorities' });

  const { certificate, privateKey, certificateAuthorities } = identity;
  const own = Object.entries({ cert, key, pfx, passphrase }).filter(([, value]) => value);
  return {
    rejectUnauthorized: true,
    skipSslCertificateValidation: false,
    agentOptions: {
      ...(certificateAuthorities && { ca: certificateAuthorities }),
      ...((cert ?? key ?? pfx)
        ? Object.fromEntries(own)
        : { cert: certificate, key: privateKey, passphrase: identity.passphrase }),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      checkServerIdentity: verifyName(withoutBrackets(hostname)),
    },
  };
}
