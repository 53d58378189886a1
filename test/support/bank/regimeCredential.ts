import { readFile } from 'node:fs/promises';
import type { BankSettings } from '../../../core/profile/settings';
import type { RegimeName } from '../../../sandbox/regimes/regime';
import type { Sandbox } from './sandbox';

/** The values of the field "Regime" for the banks of the sandbox. */
type RegimeChoice = Exclude<RegimeName, 'wso2'>;

/**
 * The credential as a person fills it in for the bank of a regime: what the bank or its directory gives, and the regime. Only Brazil's bank
 * gives one more thing, the key for which it encrypts ID tokens.
 */
export async function regimeCredential(
  { ready }: Pick<Sandbox, 'ready'>,
  redirectUri: string,
): Promise<BankSettings> {
  const { files, issuer, accountApiUrl, clientId, regime } = ready;
  const read = (file: string): Promise<string> => readFile(file, 'utf8');
  return {
    bank: 'discovery',
    regime: regime as RegimeChoice,
    issuer,
    accountApiUrl,
    clientId,
    redirectUri,
    scope: 'openid accounts',
    transportCertificate: await read(files.clientCertificate),
    transportPrivateKey: await read(files.clientKey),
    certificateAuthorities: await read(files.certificateAuthority),
    ...(regime === 'brazil' && { decryptionKeys: await read(files.clientEncryptionKey) }),
  };
}
