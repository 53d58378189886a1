import { certificateDates, expiresSoon } from '../../core/keys/certificateDates';
import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import {
  certificateAuthority,
  clientCertificate,
  type CertificateOptions,
} from '../support/keys/certificates';
import { failureOf } from '../support/failure';

async function profileWith(
  transport: CertificateOptions,
  signing?: CertificateOptions,
  changes: BankSettings = {},
) {
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa', ...transport });
  const own = signing && (await clientCertificate({ key: 'rsa', ...signing }));
  return createProfile({
    host: 'is.bank.example',
    clientId: 'client-1',
    transportCertificate: certificate,
    transportPrivateKey: privateKey,
    ...(own && {
      separateSigningKey: true,
      signingCertificate: own.certificate,
      signingPrivateKey: own.privateKey,
    }),
    ...changes,
  });
}

const DAY = 24 * 60 * 60 * 1000;

it('warns before a certificate is valid, less than 30 days before it expires, and after it expired', async () => {
  const profile = await profileWith({ from: 0, until: 60 });
  const after = (days: number) =>
    certificateDates(profile, new Date(Date.now() + days * DAY)).map(({ code }) => code);
  expect(after(-1)).toEqual(['certificate-not-yet-valid']);
  expect(after(29)).toEqual([]);
  expect(after(31)).toEqual(['certificate-expires-soon']);
  expect(after(54)).toEqual(['certificate-expires-soon']);
  expect(after(61)).toEqual(['certificate-expired']);
});

it('also checks the signing certificate, and returns the date of the certificate that expires first', async () => {
  const profile = await profileWith({ until: 60 }, { until: 5 });
  expect(certificateDates(profile).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^"Signing Certificate" expires on /),
  ]);
  expect(Math.round((expiresSoon(profile)!.getTime() - Date.now()) / DAY)).toBe(5);
});

it('ignores a signing certificate that is not used', async () => {
  const changes = { separateSigningKey: false };
  expect(certificateDates(await profileWith({ until: 60 }, { until: 5 }, changes))).toEqual([]);
});

it('names an intermediate certificate by its own name, and ignores a root', async () => {
  const root = await certificateAuthority();
  const authority = await root.intermediate('Test Intermediate CA');
  const { certificate, privateKey } = await authority.issue({ key: 'rsa', until: 400 });
  const transportCertificate = [certificate, authority.certificate, root.certificate].join('\n');
  const profile = await profileWith({}, undefined, {
    transportCertificate,
    transportPrivateKey: privateKey,
  });
  expect(certificateDates(profile, new Date(Date.now() + 90 * DAY))).toEqual([
    expect.objectContaining({
      message: expect.stringMatching(
        /^"Transport Certificate", intermediate "Test Intermediate CA" expires on /,
      ) as string,
    }),
  ]);
});

it('rejects a certificate whose dates cannot be read', async () => {
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
  const der = Buffer.from(certificate.replace(/-----.*-----|\n/g, ''), 'base64');
  // UTCTime (X.690 §11.8), YYMMDDhhmmssZ. The second one is notAfter.
  const first = der.indexOf(Buffer.from('170d', 'hex'));
  der.write('13', der.indexOf(Buffer.from('170d', 'hex'), first + 2) + 4, 'latin1');
  const changes = {
    separateSigningKey: true,
    signingCertificate: der.toString('base64'),
    signingPrivateKey: privateKey,
  };
  expect(await failureOf(profileWith({}, undefined, changes))).toMatchObject({
    code: 'certificate-malformed',
    message: '"Signing Certificate" holds a certificate whose dates cannot be read',
  });
});
