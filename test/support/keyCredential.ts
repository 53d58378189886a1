import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { certificateAuthority, clientCertificate, type TestCertificate } from './certificates';

/** A client certificate of each kind of key, and the authority that issued them. */
export const transport = {} as Record<'rsa' | 'ec' | 'ed25519', TestCertificate> & { root: string };

beforeAll(async () => {
  transport.root = (await certificateAuthority()).certificate;
  for (const key of ['rsa', 'ec', 'ed25519'] as const) {
    transport[key] = await clientCertificate({ key });
  }
});

/** A credential whose transport key is the RSA one, unless something else is given. */
export const credentialWith = (changes: BankSettings): BankSettings => ({
  host: 'is.bank.example',
  clientId: 'client-1',
  transportCertificate: transport.rsa.certificate,
  transportPrivateKey: transport.rsa.privateKey,
  certificateAuthorities: transport.root,
  ...changes,
});

/** Its profile. */
export const profileWith = (changes: BankSettings) => createProfile(credentialWith(changes));
