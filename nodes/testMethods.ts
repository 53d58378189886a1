import type {
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';
import type { OpenBankingError } from '../core/errors/OpenBankingError';

/**
 * `methods` shared by all nodes that use the credential: n8n calls the test function on whichever node it finds first. All nodes name it
 * as `testedBy`.
 */
export const testMethods = {
  credentialTest: {
    async openBankingApiTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted) {
      try {
        const { testCredential } = await import('./credentialTest');
        return await testCredential(credential);
      } catch (error) {
        return resultFor(error);
      }
    },
  },
};

/** The result if this Node.js cannot load the test. */
function resultFor(error: unknown): INodeCredentialTestResult {
  const { code, text } = error as OpenBankingError;
  if (code !== 'version-too-old') throw error;
  return { status: 'Error', message: `${text} (${code})` };
}
