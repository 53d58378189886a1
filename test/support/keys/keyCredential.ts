import { createProfile } from '../../../core/profile/profile';
import type { BankSettings } from '../../../core/profile/settings';
import { certificateAuthority, clientCertificate, type TestCertificate } from './certificates';

/** A client certificate of each kind of key, and the authority that issued them. */
export const transport = {} as Record<'rsa' | 'ec' | 'ed25519', TestCertificate> & { root: string };

beforeAll(async () => {
  transport.root = (await certificateAuthority()).certificate;
  for (const key of ['rsa', 'ec', 'ed25519'] as const) {
    transport[key] = await clientCertificate({ key });
  }
});

/** A credential with the RSA transport key, and with changes. */
export const credentialWith = (changes: BankSettings): BankSettings => ({
  host: 'is.bank.example',
  clientId: 'client-1',
  transportCertificate: transport.rsa.certificate,
  transportPrivateKey: transport.rsa.privateKey,
  certificateAuthorities: transport.root,
  ...changes,
});

/** The profile of {@link credentialWith}. */
export const profileWith = (changes: BankSettings) => createProfile(credentialWith(changes));
