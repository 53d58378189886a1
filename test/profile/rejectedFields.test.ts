import { createPrivateKey } from 'node:crypto';
import { inspect } from 'node:util';
import type { BankSettings } from '../../core/profile/settings';
import { generatePrivateKey, pemOf, privateKeyOf } from '../support/keys/certificates';
import { profileWith, transport } from '../support/keys/keyCredential';

describe('createProfile rejects', () => {
  const halved = (pem: string) => pem.slice(0, pem.length / 2) + '\n-----END CERTIFICATE-----\n';
  const cases: [string, string, string, () => BankSettings][] = [
    ['no client ID', 'field-missing', 'Client ID', () => ({ clientId: ' ' })],
    ['a client ID with a line break', 'field-malformed', 'Client ID', () => ({ clientId: 'a\nb' })],
    [
      'no certificate',
      'field-missing',
      'Transport Certificate',
      () => ({ transportCertificate: '' }),
    ],
    [
      'half a certificate',
      'certificate-malformed',
      'Transport Certificate',
      () => ({ transportCertificate: halved(transport.rsa.certificate) }),
    ],
    [
      'an intermediate certificate without its end',
      'certificate-malformed',
      'Transport Certificate',
      () => ({
        transportCertificate: transport.rsa.certificate + transport.rsa.certificate.slice(0, 400),
      }),
    ],
    [
      'a key as certificate',
      'certificate-malformed',
      'private key',
      () => ({ transportCertificate: transport.rsa.privateKey }),
    ],
    [
      'no key',
      'field-missing',
      'Transport Private Key',
      () => ({ transportPrivateKey: undefined }),
    ],
    [
      'a certificate as key',
      'private-key-malformed',
      'holds a certificate',
      () => ({ transportPrivateKey: transport.rsa.certificate }),
    ],
    [
      'nonsense as key',
      'private-key-malformed',
      'Transport Private Key',
      () => ({ transportPrivateKey: 'PRIVATE' }),
    ],
    [
      'a key without its passphrase',
      'passphrase-wrong',
      'Transport Private Key',
      () => ({ transportPrivateKey: pemOf(privateKeyOf('rsa'), 'right') }),
    ],
    [
      'a wrong passphrase',
      'passphrase-wrong',
      'Transport Private Key',
      () => ({ transportPrivateKey: pemOf(privateKeyOf('rsa'), 'right'), passphrase: 'wrong' }),
    ],
    [
      'the key of another certificate',
      'key-certificate-mismatch',
      'Transport Certificate',
      () => ({ transportPrivateKey: pemOf(generatePrivateKey('rsa')) }),
    ],
    [
      'authorities that are none',
      'certificate-malformed',
      'Certificate Authorities',
      () => ({ certificateAuthorities: 'Root CA' }),
    ],
    [
      'an authority without its end',
      'certificate-malformed',
      'Certificate Authorities',
      () => ({
        certificateAuthorities: transport.rsa.certificate + transport.rsa.certificate.slice(0, 400),
      }),
    ],
    [
      'an EC key for PS256',
      'algorithm-key-mismatch',
      'PS256',
      () => ({
        transportCertificate: transport.ec.certificate,
        transportPrivateKey: transport.ec.privateKey,
      }),
    ],
    ['an RSA key for ES256', 'algorithm-key-mismatch', 'ES256', () => ({ algorithm: 'ES256' })],
    [
      'an unknown algorithm',
      'field-malformed',
      'Signature Algorithm',
      () => ({ algorithm: 'none' as never }),
    ],
    ['no key ID', 'field-missing', 'Key ID', () => ({ keyIdSource: 'given' })],
    [
      'no signing key',
      'field-missing',
      'Signing Private Key',
      () => ({ separateSigningKey: true }),
    ],
    [
      'no signing certificate to compute from',
      'field-missing',
      'Signing Certificate',
      () => ({ separateSigningKey: true, signingPrivateKey: transport.rsa.privateKey }),
    ],
    [
      'the signing certificate of another key',
      'key-certificate-mismatch',
      'Signing Certificate',
      () => ({
        separateSigningKey: true,
        signingPrivateKey: transport.rsa.privateKey,
        signingCertificate: transport.ec.certificate,
      }),
    ],
    ['a bank of an unknown kind', 'field-malformed', 'Bank', () => ({ bank: 'mine' as never })],
    ['no issuer to discover', 'field-missing', 'Issuer', () => ({ bank: 'discovery' })],
    [
      'a timeout of an hour',
      'field-malformed',
      'Request Timeout',
      () => ({ requestTimeout: 3600 }),
    ],
    [
      'clocks that differ by an hour',
      'field-malformed',
      'Clock Tolerance',
      () => ({ clockTolerance: 3600 }),
    ],
    ['a list as host', 'field-malformed', 'host', () => ({ host: ['a'] as never })],
  ];
  it.each(cases)('%s with %s', async (_, code, named, changes) => {
    const error: unknown = await profileWith(changes()).catch((e: unknown) => e);
    expect(error).toMatchObject({
      name: 'OpenBankingError',
      code,
      stage: 'configuration',
      outcome: 'not-sent',
    });
    expect(String(error)).toContain(named);
    expect((error as { description: string }).description).not.toBe('');
  });

  it('a wrong passphrase, also if it decrypts the key to other bytes', async () => {
    const key = pemOf(privateKeyOf('rsa'), 'right');
    const wrong = Array.from({ length: 1000 }, (_, index) => `wrong-${index}`);
    // About one of 256 wrong passphrases decrypts the key to other bytes.
    const decrypting = wrong.filter((passphrase) => {
      try {
        createPrivateKey({ key, passphrase });
        return false;
      } catch (error) {
        return (error as { code?: string }).code !== 'ERR_OSSL_BAD_DECRYPT';
      }
    });
    for (const passphrase of [...decrypting, 'wrong']) {
      await expect(profileWith({ transportPrivateKey: key, passphrase })).rejects.toMatchObject({
        code: 'passphrase-wrong',
      });
    }
    const damaged = `${key.slice(0, 600)}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
    await expect(
      profileWith({ transportPrivateKey: damaged, passphrase: 'right' }),
    ).rejects.toMatchObject({ code: 'private-key-malformed' });
  });

  it('a key with an error that contains no part of the key and no passphrase', async () => {
    const key = pemOf(privateKeyOf('rsa'), 'right-passphrase');
    for (const changes of [
      { transportPrivateKey: key, passphrase: 'wrong-passphrase' },
      { transportPrivateKey: key.replace('A', 'B'), passphrase: 'right-passphrase' },
      { transportPrivateKey: key.slice(0, 400), passphrase: 'right-passphrase' },
      { transportPrivateKey: transport.rsa.privateKey.slice(0, 500) },
      { transportCertificate: transport.rsa.privateKey },
    ]) {
      const error: unknown = await profileWith(changes).catch((e: unknown) => e);
      expect(error).toMatchObject({ stage: 'configuration' });
      const shown = inspect(error, { depth: 9 }) + JSON.stringify(error);
      expect(shown).not.toMatch(/-passphrase/);
      for (const line of [...key.split('\n'), ...transport.rsa.privateKey.split('\n')].slice(
        1,
        -2,
      )) {
        if (/^[\w+/]{20}/.test(line)) expect(shown).not.toContain(line.slice(0, 20));
      }
    }
  });
});
