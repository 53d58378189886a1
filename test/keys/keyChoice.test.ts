import { X509Certificate } from 'node:crypto';
import { clientOf } from '../../core/oauth/client';
import { encryptionKeys } from '../../core/tokens/records/encryptionKeys';
import { shortName } from '../../core/keys/certificateFacts';
import { createProfile, type Profile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { HOUR, later } from '../support/clock';
import { failureOf } from '../support/failure';
import { KeyUsageFlags } from '../support/keys/authority';
import {
  certificateAuthority,
  clientCertificate,
  generatePrivateKey,
  pemOf,
  privateKeyOf,
  type TestAuthority,
  type TestCertificate,
} from '../support/keys/certificates';
import { credentialWith, profileWith, transport } from '../support/keys/keyCredential';
import { pkcs12Of } from '../support/keys/pkcs12';

const thumbprintOf = ({ certificate }: TestCertificate) =>
  new X509Certificate(certificate).fingerprint256;
const chosenBy = ({ identity }: Profile) =>
  new X509Certificate(identity.certificate).fingerprint256;
const sentBy = ({ identity }: Profile) =>
  identity.certificate
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .filter((pem) => pem.trim())
    .map((pem) => new X509Certificate(pem));
const leftOutBy = ({ notices }: Profile) =>
  notices.map(({ message }) => message).filter((message) => message.includes('Left out'));

describe('several certificates of one key', () => {
  let old: TestCertificate;
  let renewed: TestCertificate;
  let future: TestCertificate;
  let expired: TestCertificate;
  beforeAll(async () => {
    [expired, old, renewed, future] = (await Promise.all(
      [
        { from: -90, until: -1 },
        { from: -60, until: 20 },
        { from: -5, until: 300 },
        { from: 2, until: 400 },
      ].map((dates) => clientCertificate({ key: 'rsa', ...dates })),
    )) as [TestCertificate, TestCertificate, TestCertificate, TestCertificate];
  });
  const read = (...certificates: TestCertificate[]) =>
    profileWith({ transportCertificate: certificates.map((each) => each.certificate).join('\n') });

  it.each<[string, () => TestCertificate[]]>([
    ['the renewed one below', () => [old, renewed]],
    ['the renewed one above', () => [renewed, old]],
    ['an expired one above', () => [expired, renewed]],
    ['one that is not yet valid above', () => [future, renewed]],
    ['all', () => [future, expired, old, renewed]],
  ])('the valid one that was issued last is taken: %s', async (_, given) => {
    const profile = await read(...given());
    expect(chosenBy(profile)).toBe(thumbprintOf(renewed));
    expect(sentBy(profile)).toHaveLength(1);
  });

  it('the others are named with the reason', async () => {
    const [message, ...others] = leftOutBy(await read(future, expired, old, renewed));
    expect(others).toEqual([]);
    expect(message).toMatch(/\(used from \d{4}-\d\d-\d\d, when it becomes valid\)/);
    expect(message).toMatch(/\(expired on \d{4}-\d\d-\d\d\)/);
    expect(message).toMatch(/\(issued earlier, on \d{4}-\d\d-\d\d\)/);
  });

  it('the one with clientAuth is taken before one for servers that was issued later', async () => {
    const serverOnly = await clientCertificate({
      key: 'rsa',
      from: -1,
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
    });
    const profile = await read(serverOnly, old);
    expect(chosenBy(profile)).toBe(thumbprintOf(old));
    expect(leftOutBy(profile).join()).toContain('less fit for TLS clients');
  });

  it('an expired one is used if there is no other', async () => {
    expect(chosenBy(await read(expired))).toBe(thumbprintOf(expired));
  });

  it('a client is made again when the next one becomes valid', async () => {
    const settings = credentialWith({
      transportCertificate: old.certificate + future.certificate,
      clientId: 'client-with-two-certificates',
    });
    const before = await clientOf(settings);
    expect(chosenBy(before.profile)).toBe(thumbprintOf(old));
    later(24 * HOUR);
    expect(await clientOf(settings)).toBe(before);
    later(48 * HOUR);
    const after = await clientOf(settings);
    expect(chosenBy(after.profile)).toBe(thumbprintOf(future));
    expect(await clientOf(settings)).toBe(after);
  });

  it('a client with one certificate is never made again', async () => {
    expect((await read(old)).choiceUntil).toBeUndefined();
  });
});

describe('several private keys', () => {
  let signing: TestCertificate;
  beforeAll(async () => {
    signing = await clientCertificate({
      key: generatePrivateKey('rsa'),
      keyUsage: KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation,
      extendedKeyUsage: [],
      from: -1,
    });
  });
  const both = () => ({
    certificate: signing.certificate + transport.rsa.certificate,
    privateKey: signing.privateKey + transport.rsa.privateKey,
  });
  const pem = (): BankSettings => ({
    transportCertificate: both().certificate,
    transportPrivateKey: both().privateKey,
  });

  it('in PEM: the transport key is the one whose certificate names clientAuth', async () => {
    const profile = await profileWith(pem());
    expect(chosenBy(profile)).toBe(thumbprintOf(transport.rsa));
    expect(profile.signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    expect(leftOutBy(profile)).toEqual([expect.stringContaining('less fit for TLS clients')]);
  });

  it('in PEM: the signing key is the one that is not made for TLS clients', async () => {
    const { signer } = await profileWith({
      separateSigningKey: true,
      signingCertificate: transport.rsa.certificate + signing.certificate,
      signingPrivateKey: transport.rsa.privateKey + signing.privateKey,
    });
    expect(signer!.certificate!.fingerprint256).toBe(thumbprintOf(signing));
  });

  it('in PEM: a key that belongs to no certificate is left out', async () => {
    const other = pemOf(privateKeyOf('ec'));
    const profile = await profileWith({ transportPrivateKey: other + transport.rsa.privateKey });
    expect(chosenBy(profile)).toBe(thumbprintOf(transport.rsa));
  });

  it('in PEM: the first signing key without any certificate is used, with a notice', async () => {
    const { signer, notices } = await profileWith({
      separateSigningKey: true,
      signingPrivateKey: both().privateKey,
      keyIdSource: 'jwk',
    });
    expect(pemOf(signer!.key)).toBe(signing.privateKey);
    expect(notices.map(({ message }) => message)).toEqual([
      '"Signing Private Key" holds 2 private keys. The first one is used',
    ]);
  });

  it('are refused if no certificate belongs to any', async () => {
    const failure = await failureOf(
      profileWith({ transportPrivateKey: signing.privateKey + transport.ec.privateKey }),
    );
    expect(failure).toMatchObject({ code: 'key-certificate-mismatch' });
  });

  it('all decrypt stored tokens, so that a choice of another key loses none', async () => {
    const profile = await profileWith(pem());
    const single = await profileWith({
      transportCertificate: signing.certificate,
      transportPrivateKey: signing.privateKey,
    });
    const [own] = encryptionKeys('', single);
    const ids = encryptionKeys('', profile).map(({ id }) => id.toString('hex'));
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe(own.id.toString('hex'));
  });

  it('in a PKCS#12 file: its certificate is read beside certificates of authorities', async () => {
    const authority = await (await certificateAuthority()).intermediate('Upper CA');
    const leaf = await authority.issue({ key: 'rsa' });
    const { identity } = await profileWith({
      keyFormat: 'pkcs12',
      passphrase: 'secret',
      pkcs12: pkcs12Of(
        {
          ...leaf,
          certificate: [leaf, signing, authority].map((each) => each.certificate).join('\n'),
        },
        'secret',
      ),
    });
    expect(identity.certificate.trim()).toBe(`${leaf.certificate}\n${authority.certificate}`);
  });
});

describe('an issuer with several certificates', () => {
  let root: TestAuthority;
  let oldRoot: TestAuthority;
  let issuing: TestAuthority;
  let leaf: TestCertificate;
  let fromOldRoot: string;
  beforeAll(async () => {
    root = await certificateAuthority('New Root');
    oldRoot = await certificateAuthority('Old Root');
    issuing = await root.intermediate('Issuing CA');
    fromOldRoot = await oldRoot.certify(issuing, { from: -50, until: -1 });
    leaf = await issuing.issue({ key: 'rsa' });
  });
  const sent = async (certificates: string[], now?: Date) => {
    const transportCertificate = [leaf.certificate, ...certificates].join('\n');
    const profile = await createProfile(credentialWith({ transportCertificate }), now);
    return { profile, pem: sentBy(profile).map((each) => each.toString().trim()) };
  };

  it.each<[string, () => string[]]>([
    ['below the expired one', () => [fromOldRoot, issuing.certificate]],
    ['above the expired one', () => [issuing.certificate, fromOldRoot]],
    ['with the old root', () => [fromOldRoot, oldRoot.certificate, issuing.certificate]],
  ])('the certificate within its dates is sent: %s', async (_, given) => {
    const { profile, pem } = await sent(given());
    expect(pem).toEqual([leaf, issuing].map(({ certificate }) => certificate.trim()));
    expect(leftOutBy(profile).join()).toMatch(/"Issuing CA" \(expired on \d/);
    expect(profile.validity.every(({ notAfter }) => notAfter > new Date())).toBe(true);
  });

  it('the expired one is sent if there is no other, with a warning', async () => {
    const { profile, pem } = await sent([fromOldRoot]);
    expect(pem).toEqual([leaf.certificate.trim(), fromOldRoot.trim()]);
    expect(profile.validity[1]!.notAfter < new Date()).toBe(true);
  });

  it('all certificates within their dates are sent, because the bank may know only one root', async () => {
    const cross = await oldRoot.certify(issuing);
    const { profile, pem } = await sent([issuing.certificate, cross]);
    expect(pem).toEqual([leaf.certificate, issuing.certificate, cross].map((each) => each.trim()));
    expect(leftOutBy(profile)).toEqual([]);
  });

  it('is chosen again when one of them expires', async () => {
    const soon = await oldRoot.certify(issuing, { from: -50, until: 2 });
    const { profile } = await sent([soon, issuing.certificate]);
    expect(profile.choiceUntil).toEqual(new Date(new X509Certificate(soon).validTo));
    const { pem } = await sent([soon, issuing.certificate], profile.choiceUntil);
    expect(pem).toContain(issuing.certificate.trim());
  });

  it('the names of left out certificates are shown', async () => {
    const { profile } = await sent([issuing.certificate, oldRoot.certificate]);
    expect(leftOutBy(profile)).toEqual([
      '"Transport Certificate" holds more certificates than are used. Left out: "Old Root" (not part of the chain)',
    ]);
    expect(shortName(new X509Certificate(oldRoot.certificate).subject)).toBe('Old Root');
  });
});
