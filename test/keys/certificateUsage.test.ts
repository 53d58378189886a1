import { createProfile } from '../../core/profile/profile';
import { KeyUsageFlags } from '../support/keys/authority';
import { clientCertificate, type CertificateOptions } from '../support/keys/certificates';

/** Codes of the warnings about the use of a transport or signing certificate with these options. */
async function noticesOf(field: 'transport' | 'signing', options: CertificateOptions) {
  const odd = await clientCertificate({ key: 'rsa', ...options });
  const good = await clientCertificate({ key: 'rsa' });
  const transport = field === 'transport' ? odd : good;
  const { notices } = await createProfile({
    host: 'is.bank.example',
    clientId: 'client-1',
    transportCertificate: transport.certificate,
    transportPrivateKey: transport.privateKey,
    separateSigningKey: true,
    signingCertificate: odd.certificate,
    signingPrivateKey: odd.privateKey,
  });
  const label = field === 'transport' ? '"Transport Certificate"' : '"Signing Certificate"';
  return notices
    .filter(({ code, message }) => code !== 'intermediate-missing' && message.startsWith(label))
    .map(({ code }) => code);
}

const { digitalSignature, nonRepudiation, keyEncipherment } = KeyUsageFlags;
const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
const ANY = '2.5.29.37.0';

describe('usageNotices', () => {
  it.each<[string, 'transport' | 'signing', CertificateOptions, string[]]>([
    ['a client', 'transport', { extendedKeyUsage: [CLIENT] }, []],
    ['client and server', 'transport', { extendedKeyUsage: [SERVER, CLIENT] }, []],
    ['any purpose', 'transport', { extendedKeyUsage: [ANY] }, []],
    ['an empty extended key usage', 'transport', { extendedKeyUsage: [] }, []],
    ['a server', 'transport', { extendedKeyUsage: [SERVER] }, ['certificate-purpose']],
    [
      'signatures and encryption',
      'transport',
      { keyUsage: digitalSignature | keyEncipherment },
      [],
    ],
    ['only encryption', 'transport', { keyUsage: keyEncipherment }, ['certificate-purpose']],
    ['only seals', 'transport', { keyUsage: nonRepudiation }, ['certificate-purpose']],
    ['only seals', 'signing', { keyUsage: nonRepudiation }, []],
    ['only encryption', 'signing', { keyUsage: keyEncipherment }, ['certificate-purpose']],
    ['a server', 'signing', { extendedKeyUsage: [SERVER] }, []],
  ])('of a certificate for %s, used as %s certificate', async (_, field, options, codes) => {
    expect(await noticesOf(field, options)).toEqual(codes);
  });
});
