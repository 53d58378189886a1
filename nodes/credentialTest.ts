import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import type { OpenBankingError } from '../core/errors/OpenBankingError';
import { diagnoseSettings } from '../core/oauth/client';
import type { Diagnosis } from '../core/oauth/diagnosis/diagnosis';
import type { BankSettings } from '../core/profile/settings';
import { guessableKeyNotice } from '../core/tokens/records/guessableKey';
import type { KeepingSettings } from '../core/tokens/settings';
import { storeProblem } from '../core/tokens/storeProblem';

/** The fields of the credential that its test uses. */
interface TestedSettings extends BankSettings, KeepingSettings {
  authorizeWith?: 'certificate' | 'application' | 'consent';
}

/**
 * The Test button of the credential. n8n repeats the test whenever the credential is opened, so the test uses up no code and no refresh
 * token.
 *
 * @throws errors that are not a failure of the credential, the bank or the store
 */
export async function testCredential({
  data = {},
}: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
  const settings = data as TestedSettings;
  const diagnosis = await diagnoseSettings(settings);
  const all =
    diagnosis.failure || !storesTokens(settings) ? diagnosis : await withStore(diagnosis, settings);
  const notice = guessableKeyNotice(settings.encryptionKey);
  const noticed = notice ? { ...all, notices: [...all.notices, notice] } : all;
  return { status: all.failure ? 'Error' : 'OK', message: report(noticed) };
}

/** Whether the credential itself says that tokens are stored. Other credentials store tokens only if a node asks for it. */
function storesTokens({ authorizeWith, keepTokensIn }: TestedSettings): boolean {
  return authorizeWith === 'consent' || keepTokensIn === 'postgres';
}

async function withStore(diagnosis: Diagnosis, settings: TestedSettings): Promise<Diagnosis> {
  const failure = await storeProblem(settings);
  if (failure) return { ...diagnosis, failure };
  const proven = [...diagnosis.proven, 'The token store can be opened and written.'];
  return { ...diagnosis, proven };
}

/** First the failure to fix, then what works, then the warnings. */
function report({ failure, proven, notices, clockOffset }: Diagnosis): string {
  const parts: string[] = [];
  if (failure) parts.push(textWithCode(failure));
  if (proven.length) parts.push(`${failure ? 'Proven before: ' : ''}${proven.join(' ')}`);
  if (clockOffset !== undefined) parts.push(`Clock offset to the bank: ${clockOffset} s.`);
  parts.push(...notices.map((notice) => `Note: ${textWithCode(notice)}`));
  return parts.join('\n');
}

function textWithCode({ text, code }: OpenBankingError): string {
  return `${text} (${code})`;
}
