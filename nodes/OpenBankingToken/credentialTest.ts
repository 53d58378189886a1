import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import type { ErrorCode } from '../../errors/catalogue';
import type { OpenBankingError } from '../../errors/OpenBankingError';

/** Refusals that a bank speaks only after it knows who asks (RFC 6749 §5.2). */
const authenticated: ErrorCode[] = [
  'invalid-scope',
  'unauthorized-client',
  'unsupported-grant-type',
];

/**
 * The Test button of the credential: the fields are checked first, then the bank is asked for an application token.
 * No code and no refresh token is used up: n8n repeats the test whenever the credential is opened.
 */
export async function testCredential(
  credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  const { profileOf } = await import('../../oauth/profile');
  const { applicationToken } = await import('../../oauth/grants');
  try {
    await applicationToken(await profileOf(credential.data ?? {}));
    return { status: 'OK', message: 'The bank accepted the certificate and the client' };
  } catch (error) {
    const { code, message, description } = error as OpenBankingError;
    if (authenticated.includes(code)) {
      return { status: 'OK', message: `The bank knows this client. ${message}` };
    }
    return { status: 'Error', message: `${message}. ${description}` };
  }
}
