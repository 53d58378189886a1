import { generateKeyPairSync } from 'node:crypto';
import { keyErrors } from '../../core/errors/rows/keyErrors';
import { certificateDates } from '../../core/keys/certificateDates';
import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import {
  certificateAuthority,
  clientCertificate,
  generatePrivateKey,
  KeyUsageFlags,
  pemOf,
  privateKeyOf,
  type CertificateOptions,
  type TestCertificate,
} from '../support/certificates';
import { failureOf } from '../support/failure';
import { outdatedKeyOf, pkcs12Of } from '../support/pkcs12';
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

/** Refused with a credential that has this in it. */
const refused =
  (changes: () => BankSettings): Provocation =>
  () =>
    failureOf(createProfile({ ...settings, ...changes() }));

/** Noticed at a credential that has this in it. */
const noticed =
  (code: string, changes: () => BankSettings | Promise<BankSettings>): Provocation =>
  async () => {
    const profile = await createProfile({ ...settings, ...(await changes()) });
    const notices: Failure[] = [...profile.notices, ...certificateDates(profile)];
    return notices.find((notice) => notice.code === code)!;
  };

/** A certificate that has this in it, with its key. */
const withCertificate = (options: CertificateOptions) => async (): Promise<BankSettings> => {
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa', ...options });
  return { transportCertificate: certificate, transportPrivateKey: privateKey };
};

const pkcs12 = (changes: BankSettings): BankSettings => ({ keyFormat: 'pkcs12', ...changes });

const provocations: Provocations<typeof keyErrors> = {
  'certificate-missing': refused(() => ({ transportCertificate: '' })),
  'certificate-malformed': refused(() => ({ transportCertificate: good.privateKey })),
  'certificate-not-yet-valid': noticed('certificate-not-yet-valid', withCertificate({ from: 1 })),
  'certificate-expired': noticed('certificate-expired', withCertificate({ until: -1 })),
  'certificate-expires-within-7-days': noticed(
    'certificate-expires-within-7-days',
    withCertificate({ until: 6 }),
  ),
  'certificate-expires-within-30-days': noticed(
    'certificate-expires-within-30-days',
    withCertificate({ until: 29 }),
  ),
  'certificate-client-auth-missing': noticed(
    'certificate-client-auth-missing',
    withCertificate({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }),
  ),
  'certificate-key-usage': noticed(
    'certificate-key-usage',
    withCertificate({ keyUsage: KeyUsageFlags.keyEncipherment }),
  ),
  'chain-reordered': noticed('chain-reordered', () => ({
    transportCertificate: intermediate + issuedByIntermediate.certificate,
    transportPrivateKey: issuedByIntermediate.privateKey,
  })),
  'certificate-unrelated': noticed('certificate-unrelated', async () => ({
    transportCertificate:
      good.certificate + (await certificateAuthority('Unrelated CA')).certificate,
  })),
  'intermediate-missing': noticed('intermediate-missing', () => ({
    transportCertificate: issuedByIntermediate.certificate,
    transportPrivateKey: issuedByIntermediate.privateKey,
  })),
  'certificate-authorities-malformed': refused(() => ({ certificateAuthorities: 'Root CA' })),
  'private-key-missing': refused(() => ({ transportPrivateKey: '' })),
  'private-key-malformed': refused(() => ({ transportPrivateKey: good.certificate })),
  'private-key-encryption-unsupported': refused(() => ({
    transportPrivateKey: outdatedKeyOf(good.privateKey, 'secret'),
    passphrase: 'secret',
  })),
  'passphrase-missing': refused(() => ({
    transportPrivateKey: pemOf(privateKeyOf('rsa'), 'right'),
  })),
  'passphrase-wrong': refused(() => ({
    transportPrivateKey: pemOf(privateKeyOf('rsa'), 'right'),
    passphrase: 'wrong',
  })),
  'pem-repaired': noticed('pem-repaired', () => ({
    transportPrivateKey: good.privateKey.replaceAll('\n', '\\n'),
  })),
  'pkcs12-missing': refused(() => pkcs12({})),
  'pkcs12-malformed': refused(() => pkcs12({ pkcs12: btoa('no file') })),
  'pkcs12-legacy': noticed('pkcs12-legacy', () =>
    pkcs12({ pkcs12: pkcs12Of(good, 'secret', ['-legacy']), passphrase: 'secret' }),
  ),
  'pkcs12-encryption-unsupported': refused(() => {
    const cipher = 'PBE-SHA1-RC4-128';
    const options = ['-legacy', '-certpbe', cipher, '-keypbe', cipher];
    return pkcs12({ pkcs12: pkcs12Of(good, 'secret', options), passphrase: 'secret' });
  }),
  'jwk-malformed': refused(() => ({
    separateSigningKey: true,
    signingPrivateKey: '{"kty":"RSA"}',
  })),
  'key-certificate-mismatch': refused(() => ({
    transportPrivateKey: pemOf(generatePrivateKey('rsa')),
  })),
  'rsa-key-too-small': refused(() => ({
    separateSigningKey: true,
    signingPrivateKey: pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey),
  })),
  'key-type-unsupported': refused(() => ({
    separateSigningKey: true,
    signingPrivateKey: pemOf(generateKeyPairSync('x25519').privateKey),
  })),
  'algorithm-key-mismatch': refused(() => ({ algorithm: 'ES256' })),
  'key-id-malformed': refused(() => ({ keyIdSource: 'given', keyId: 'key\n1' })),
  'key-id-missing': refused(() => ({ keyIdSource: 'given' })),
};
provokeEach<typeof keyErrors>(provocations);
