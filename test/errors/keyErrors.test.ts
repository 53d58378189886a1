import { generateKeyPairSync } from 'node:crypto';
import { keyErrors } from '../../core/errors/rows/keyErrors';
import { certificateDates } from '../../core/keys/certificateDates';
import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { KeyUsageFlags } from '../support/keys/authority';
import {
  certificateAuthority,
  clientCertificate,
  generatePrivateKey,
  pemOf,
  privateKeyOf,
  type CertificateOptions,
  type TestCertificate,
} from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { outdatedKeyOf, pkcs12Of } from '../support/keys/pkcs12';
import { provokeEach, type Failure, type Provocation, type Provocations } from './provocation';

let good: TestCertificate;
let settings: BankSettings;
let intermediate: string;
let issuedByIntermediate: TestCertificate;

beforeAll(async () => {
  good = await clientCertificate({ key: 'rsa' });
  const authority = await (await certificateAuthority()).intermediate('Test Intermediate CA');
  intermediate = authority.certificate;
  issuedByIntermediate = await authority.issue({ key: 'rsa' });
  settings = {
    host: 'is.bank.example',
    clientId: 'client-1',
    transportCertificate: good.certificate,
    transportPrivateKey: good.privateKey,
    certificateAuthorities: (await certificateAuthority()).certificate,
  };
});

/** The failure of a credential with these changes. */
const refused =
  (changes: () => BankSettings): Provocation =>
  () =>
    failureOf(createProfile({ ...settings, ...changes() }));

/** The warning for a credential with these changes. */
const noticed =
  (code: string, changes: () => BankSettings | Promise<BankSettings>): Provocation =>
  async () => {
    const profile = await createProfile({ ...settings, ...(await changes()) });
    const notices: Failure[] = [...profile.notices, ...certificateDates(profile)];
    return notices.find((notice) => notice.code === code)!;
  };

/** A credential with a certificate made with these options. */
const withCertificate = (options: CertificateOptions) => async (): Promise<BankSettings> => {
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa', ...options });
  return { transportCertificate: certificate, transportPrivateKey: privateKey };
};

const pkcs12 = (changes: BankSettings): BankSettings => ({ keyFormat: 'pkcs12', ...changes });

const provocations: Provocations<typeof keyErrors> = {
  'certificate-malformed': {
    'a private key': refused(() => ({ transportCertificate: good.privateKey })),
    'many certificates': refused(() => ({
      transportCertificate: good.certificate.repeat(51),
    })),
    'a name of an authority': refused(() => ({ certificateAuthorities: 'Root CA' })),
  },
  'certificate-not-yet-valid': noticed('certificate-not-yet-valid', withCertificate({ from: 1 })),
  'certificate-expired': noticed('certificate-expired', withCertificate({ until: -1 })),
  'certificate-expires-soon': noticed('certificate-expires-soon', withCertificate({ until: 29 })),
  'certificate-purpose': {
    'extended key usage': noticed(
      'certificate-purpose',
      withCertificate({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }),
    ),
    'key usage': noticed(
      'certificate-purpose',
      withCertificate({ keyUsage: KeyUsageFlags.keyEncipherment }),
    ),
  },
  'intermediate-missing': noticed('intermediate-missing', () => ({
    transportCertificate: issuedByIntermediate.certificate,
    transportPrivateKey: issuedByIntermediate.privateKey,
  })),
  'private-key-malformed': {
    'a certificate': refused(() => ({ transportPrivateKey: good.certificate })),
    'many keys': refused(() => ({ transportPrivateKey: good.privateKey.repeat(21) })),
    'a public JWK': refused(() => ({
      separateSigningKey: true,
      signingPrivateKey: '{"kty":"RSA"}',
    })),
    'a decryption key for signatures': refused(() => ({
      decryptionKeys: '{"kty":"RSA","use":"sig"}',
    })),
  },
  'encryption-unsupported': {
    'a private key': refused(() => ({
      transportPrivateKey: outdatedKeyOf(good.privateKey, 'secret', 'PBE-SHA1-RC4-128'),
      passphrase: 'secret',
    })),
    'a PKCS#12 file': refused(() => {
      const cipher = 'PBE-SHA1-RC4-128';
      const options = ['-legacy', '-certpbe', cipher, '-keypbe', cipher];
      return pkcs12({ pkcs12: pkcs12Of(good, 'secret', options), passphrase: 'secret' });
    }),
  },
  'passphrase-wrong': {
    'no passphrase': refused(() => ({
      transportPrivateKey: pemOf(privateKeyOf('rsa'), 'right'),
    })),
    'another passphrase': refused(() => ({
      transportPrivateKey: pemOf(privateKeyOf('rsa'), 'right'),
      passphrase: 'wrong',
    })),
  },
  'pem-repaired': {
    'line breaks': noticed('pem-repaired', () => ({
      transportPrivateKey: good.privateKey.replaceAll('\n', '\\n'),
    })),
    'the order of the chain': noticed('pem-repaired', () => ({
      transportCertificate: intermediate + issuedByIntermediate.certificate,
      transportPrivateKey: issuedByIntermediate.privateKey,
    })),
    'an unrelated certificate': noticed('pem-repaired', async () => ({
      transportCertificate:
        good.certificate + (await certificateAuthority('Unrelated CA')).certificate,
    })),
  },
  'pkcs12-malformed': refused(() => pkcs12({ pkcs12: btoa('no file') })),
  'pkcs12-legacy': noticed('pkcs12-legacy', () =>
    pkcs12({ pkcs12: pkcs12Of(good, 'secret', ['-legacy']), passphrase: 'secret' }),
  ),
  'key-certificate-mismatch': refused(() => ({
    transportPrivateKey: pemOf(generatePrivateKey('rsa')),
  })),
  'key-unsupported': {
    'a small RSA key': refused(() => ({
      separateSigningKey: true,
      signingPrivateKey: pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey),
    })),
    'a key that does not sign': refused(() => ({
      separateSigningKey: true,
      signingPrivateKey: pemOf(generateKeyPairSync('x25519').privateKey),
    })),
    'a key that does not decrypt': refused(() => ({
      decryptionKeys: pemOf(privateKeyOf('ed25519')),
    })),
  },
  'algorithm-key-mismatch': refused(() => ({ algorithm: 'ES256' })),
};
provokeEach<typeof keyErrors>(provocations);
