import type {
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';
import type { OpenBankingError } from '../core/errors/OpenBankingError';
import type { Diagnosis } from '../core/oauth/diagnosis/diagnosis';
import type { BankSettings } from '../core/profile/settings';
import type { KeepingSettings } from '../core/tokens/settings';

/**
 * `methods` of every node that takes the credential: n8n asks the first one that it comes across for the function which all of them
 * name as `testedBy`.
 */
export const testMethods = {
  credentialTest: {
    async openBankingApiTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted) {
      return testCredential(credential).catch(tooOld);
    },
  },
};

/** The fields of the credential that its test looks at. */
interface TestedSettings extends BankSettings, KeepingSettings {
  authorizeWith?: 'certificate' | 'application' | 'consent';
}

/** The Test button of the credential. n8n repeats the test whenever the credential is opened: it uses nothing up. */
async function testCredential({
  data = {},
}: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
  const settings = data as TestedSettings;
  const { diagnose } = await import('../core/oauth/diagnosis/diagnosis');
  const diagnosis = await diagnose(settings);
  const all =
    diagnosis.failure || !storesTokens(settings) ? diagnosis : await withStore(diagnosis, settings);
  return { status: all.failure ? 'Error' : 'OK', message: report(all) };
}

/** Whether the credential says that tokens are stored: others store them only if a node asks for it. */
function storesTokens({ authorizeWith, keepTokensIn }: TestedSettings): boolean {
  return authorizeWith === 'consent' || keepTokensIn === 'postgres';
}

async function withStore(diagnosis: Diagnosis, settings: TestedSettings): Promise<Diagnosis> {
  const { storeProblem } = await import('../core/tokens/storeProblem');
  const failure = await storeProblem(settings);
  if (failure) return { ...diagnosis, failure };
  const proven = [...diagnosis.proven, 'The token store can be opened and written.'];
  return { ...diagnosis, proven };
}

/** The first thing to fix, then what was proven, then the warnings. */
function report({ failure, proven, notices, clockOffset }: Diagnosis): string {
  const parts: string[] = [];
  if (failure) parts.push(told(failure));
  if (proven.length) parts.push(`${failure ? 'Proven before: ' : ''}${proven.join(' ')}`);
  if (clockOffset !== undefined) parts.push(`Clock offset to the bank: ${clockOffset} s.`);
  parts.push(...notices.map((notice) => `Note: ${told(notice)}`));
  return parts.join('\n');
}

function told({ text, code }: OpenBankingError): string {
  return `${text} (${code})`;
}

/** The result where this Node.js cannot even load the test. */
function tooOld(error: unknown): INodeCredentialTestResult {
  if ((error as OpenBankingError).code !== 'node-too-old') throw error;
  return { status: 'Error', message: told(error as OpenBankingError) };
}
