import type {
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';

/**
 * `methods` shared by all nodes that use the credential: n8n calls the test function on whichever node it finds first. All nodes name it
 * as `testedBy`.
 */
export const testMethods = {
  credentialTest: {
    async openBankingApiTest(
      this: ICredentialTestFunctions,
      credential: ICredentialsDecrypted,
    ): Promise<INodeCredentialTestResult> {
      const { testCredential } = await import('./credentialTest');
      return testCredential(credential);
    },
  },
};
