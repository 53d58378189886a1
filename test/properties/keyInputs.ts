import { inspect } from 'node:util';
import { certificateDates } from '../../core/keys/certificateDates';
import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { certificateAuthority, clientCertificate } from '../support/keys/certificates';
import { breach, runCase } from './caseOf';
import { SecretPieces } from './secretPieces';

/** The passphrase of the keys and keystores. */
export const PASSPHRASE = 'Hs4nQv8zLc2wKd6m';

/** A credential whose fields are changed. */
export class KeyInputs {
  private settings!: BankSettings;
  private secrets!: SecretPieces;

  /** @param secrets private keys and keystores, as they stand in the fields */
  async open(secrets: readonly string[]): Promise<void> {
    const { certificate, privateKey } = await clientCertificate();
    this.settings = {
      host: 'is.bank.example',
      clientId: 'client-1',
      algorithm: 'ES256',
      transportCertificate: certificate,
      transportPrivateKey: privateKey,
      certificateAuthorities: (await certificateAuthority()).certificate,
      passphrase: PASSPHRASE,
    };
    this.secrets = new SecretPieces([...secrets, privateKey, PASSPHRASE]);
  }

  /** The error of the credential with these fields; `undefined` if there is none. */
  errorOf(changes: BankSettings): Promise<unknown> {
    return createProfile({
      ...this.settings,
      ...changes,
      algorithm: undefined,
      clientAuthentication: 'tls_client_auth',
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  /** Expects a profile, or an error of the stage `configuration`. */
  async expectProfileOrError(changes: BankSettings, input: unknown): Promise<void> {
    const { error } = await runCase(
      input,
      this.secrets,
      () => createProfile({ ...this.settings, ...changes }),
      (profile) => [...profile.notices, ...certificateDates(profile)],
    );
    if (error && error.stage !== 'configuration') {
      breach('crashes', `It has another stage: ${inspect(error)}`, input);
    }
  }
}
