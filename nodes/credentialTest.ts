import type {
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';
import type { Diagnosis } from '../oauth/diagnosis';

/**
 * `methods` of every node that takes the credential: n8n asks the first one that it comes across for the function which all of them
 * name as `testedBy`.
 */
export const testMethods = {
  credentialTest: {
    async openBankingApiTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted) {
      return testCredential(credential);
    },
  },
};

/** The Test button of the credential. n8n repeats the test whenever the credential is opened: it uses nothing up. */
async function testCredential({
  data = {},
}: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
  const { diagnose } = await import('../oauth/diagnosis');
  const diagnosis = await diagnose(data);
  return { status: diagnosis.failure ? 'Error' : 'OK', message: report(diagnosis) };
}

/** The first thing to fix, then what was proven, then what else is worth a word. */
function report({ failure, proven, notices, clockOffset }: Diagnosis): string {
  const parts: string[] = [];
  if (failure) parts.push(`${failure.message}. ${failure.description} (${failure.code})`);
  if (proven.length) parts.push(`${failure ? 'Proven before: ' : ''}${proven.join(' ')}`);
  if (clockOffset !== undefined) parts.push(`Clock offset to the bank: ${clockOffset} s.`);
  for (const { message, description, code } of notices) {
    parts.push(`Note: ${message}. ${description} (${code})`);
  }
  return parts.join('\n');
}
