import 'reflect-metadata';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { certificatesOf, parseCertificates } from '../../core/keys/certificates';
import { orderChain } from '../../core/keys/certificateChain';
import { usageNotices } from '../../core/keys/certificateUsage';
import { KeyDerivation, TooManyRounds } from '../../core/keys/keyDerivation';
import { readPem } from '../../core/keys/pem';
import { parsePkcs12 } from '../../core/keys/pkcs12';
import { parsePrivateKeys } from '../../core/keys/privateKey';
import { wellKnownAuthorities } from '../../core/transport/wellKnownAuthorities';
import { failureOf } from '../support/failure';
import { generatePrivateKey, pemBlock, pemOf } from '../support/keys/certificates';
import { der, identifier, sequence, tagged } from '../support/keys/der';
import { profileWith, transport } from '../support/keys/keyCredential';

/** Milliseconds of the processor, which do not depend on what else runs. */
async function cpuTimeOf(action: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const block = (kind: string, content: Buffer) => pemBlock(kind, content.toString('base64'));

/** Certificates with the names A and B that sign each other with one key, and one that A issued. */
async function ring(count: number): Promise<[X509Certificate, ...X509Certificate[]]> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const make = async (subject: string, issuer: string, serial: number) => {
    const made = await x509.X509CertificateGenerator.create({
      ...{ subject: `CN=${subject}`, issuer: `CN=${issuer}` },
      serialNumber: (serial + 4096).toString(16),
      ...{ notBefore: new Date(Date.now() - 1e9), notAfter: new Date(Date.now() + 1e10) },
      ...{ publicKey: pair.publicKey, signingKey: pair.privateKey, signingAlgorithm: algorithm },
    });
    return new X509Certificate(made.toString('pem'));
  };
  const others: X509Certificate[] = [];
  for (let at = 0; at < count; at++) {
    others.push(await (at % 2 ? make('B', 'A', at) : make('A', 'B', at)));
  }
  return [await make('leaf', 'A', count), ...others];
}

describe('certificates of a field', () => {
  const field = 'Transport Certificate';

  it('that issue each other are compared a bounded number of times, and few of them are sent', async () => {
    const certificates = await ring(160);
    const now = new Date();
    let sent: readonly X509Certificate[] = [];
    const time = await cpuTimeOf(() => {
      sent = orderChain(certificates, certificates[0], { field, now }).certificates;
    });
    expect(time).toBeLessThan(800);
    expect(sent.length).toBeLessThan(20);
    expect(sent.length).toBeGreaterThan(2);
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('are refused if there are more than a credential needs', async () => {
    const { rsa, root } = transport;
    const many = (count: number) => rsa.certificate + root.repeat(count - 1);
    expect(parseCertificates(many(50), field).certificates).toHaveLength(50);
    const message = (name: string) => `"${name}" holds more than 50 certificates`;
    expect(await failureOf(profileWith({ transportCertificate: many(51) }))).toMatchObject({
      code: 'certificate-malformed',
      message: message(field),
    });
    const beside = { transportCertificate: '', transportPrivateKey: rsa.privateKey + many(51) };
    expect((await failureOf(profileWith(beside))).message).toBe(message('Transport Private Key'));
    expect(() => certificatesOf(Array(51).fill(''), 'x')).toThrow(message('x'));
  });

  it('may be all well-known authorities in the field for authorities, and not many more', async () => {
    const certificateAuthorities = wellKnownAuthorities();
    expect(
      (await profileWith({ certificateAuthorities })).identity.trustsWellKnown,
    ).toBeUndefined();
    const { message } = await failureOf(
      profileWith({ certificateAuthorities: transport.root.repeat(501) }),
    );
    expect(message).toBe('"Certificate Authorities" holds more than 500 certificates');
  });

  it('are refused if one is larger than any', async () => {
    const large = block('CERTIFICATE', Buffer.alloc(65_537));
    const { message } = await failureOf(profileWith({ transportCertificate: large }));
    expect(message).toBe(`"${field}" holds a certificate of more than 64 KiB`);
  });

  it('are read once, whatever their extensions contain', async () => {
    let nested = Buffer.alloc(20_000, 1);
    const wrapped = (tag: number) => Buffer.concat([long(tag, nested.length), nested]);
    for (let level = 0; level < 1000; level++) {
      nested = wrapped(4);
      nested = wrapped(0x30);
    }
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const made = await x509.X509CertificateGenerator.createSelfSigned({
      ...{ keys, name: 'CN=x', serialNumber: '01', signingAlgorithm: algorithm },
      extensions: [
        new x509.Extension('1.2.3.4.5', false, nested),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyEncipherment, true),
      ],
    });
    const certificate = new X509Certificate(made.toString('pem'));
    let codes: string[] = [];
    const time = await cpuTimeOf(() => {
      codes = usageNotices(certificate, 'transport', field).map(({ code }) => code);
    });
    expect(codes).toEqual(['certificate-purpose']);
    expect(time).toBeLessThan(300);
  });
});

/** The beginning of an element whose length has three bytes. */
function long(tag: number, length: number): Buffer {
  return Buffer.from([tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]);
}

describe('private keys of a field', () => {
  it('are refused if there are more than a credential needs', async () => {
    const keys = Array.from({ length: 21 }, () => pemOf(generatePrivateKey('ed25519'))).join('');
    expect(await failureOf(profileWith({ transportPrivateKey: keys }))).toMatchObject({
      code: 'private-key-malformed',
      message: '"Transport Private Key" holds more than 20 private keys',
    });
  });

  it('have one limit of time together', async () => {
    const derive = jest.spyOn(KeyDerivation.prototype, 'pbkdf2');
    const keys = [1, 2, 3].map(() => pemOf(generatePrivateKey('ed25519'), 'secret'));
    await parsePrivateKeys(keys.join(''), 'secret', 'F');
    const { contexts } = derive.mock;
    derive.mockRestore();
    expect(contexts).toHaveLength(3);
    expect(new Set(contexts).size).toBe(1);
  });
});

describe('KeyDerivation', () => {
  const [passphrase, salt] = [Buffer.from('passphrase'), Buffer.from('salt of 16 bytes')];
  it.each<[string, (derivation: KeyDerivation) => Promise<unknown>]>([
    ['PBKDF2', (d) => d.pbkdf2(passphrase, salt, 50_000, 32, 'sha256')],
    ['PKCS#12', (d) => d.pkcs12(passphrase, salt, 1, 50_000, 20, 'sha1')],
    ['PBKDF1', (d) => d.pbkdf1(passphrase, salt, 50_000, 'md5')],
    ['scrypt', (d) => d.scrypt(passphrase, salt, { N: 4096, r: 8, p: 1 }, 32)],
  ])('counts the time of derivations with few rounds, too: %s', async (_, derive) => {
    const derivation = new KeyDerivation(100);
    let done = 0;
    const all = async () => {
      for (; done < 1000; done++) await derive(derivation);
    };
    await expect(all()).rejects.toBeInstanceOf(TooManyRounds);
    expect(done).toBeLessThan(1000);
  });
});

describe('a PKCS#12 file', () => {
  const BAG = '1.2.840.113549.1.12.10.1';
  const DATA = '1.2.840.113549.1.7.1';
  const integer = (bytes: number[]) => der(2, Buffer.from(bytes));
  /** Long elements, which `der` does not write. */
  const element = (tag: number, content: Buffer) =>
    content.length < 65_536
      ? der(tag, content)
      : Buffer.concat([long(tag, content.length), content]);
  const fileOf = (bags: Buffer[]) => {
    const inner = element(0x30, Buffer.concat(bags));
    const info = (content: Buffer) =>
      element(0x30, Buffer.concat([identifier(DATA), element(0xa0, element(4, content))]));
    const safe = element(0x30, info(inner));
    return element(0x30, Buffer.concat([integer([3]), info(safe)])).toString('base64');
  };
  const bag = (kind: number, value: Buffer) =>
    sequence(identifier(`${BAG}.${kind}`), tagged(value));
  const shrouded = (algorithm: Buffer) => bag(2, sequence(algorithm, der(4, Buffer.alloc(16))));
  const rawOf = (pem: string) => new X509Certificate(pem).raw;
  const certificateBag = () =>
    bag(3, sequence(identifier('1.2.840.113549.1.9.22.1'), tagged(der(4, rawOf(transport.root)))));
  const keyBag = () =>
    bag(1, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }));

  it.each<[string, () => Buffer[], string]>([
    ['entries', () => Array(201).fill(bag(9, sequence())) as Buffer[], '200 entries'],
    ['certificates', () => Array.from({ length: 51 }, certificateBag), '50 certificates'],
    ['keys', () => Array.from({ length: 21 }, keyBag), '20 private keys'],
  ])('is refused if it holds more %s than a credential needs', async (_, bags, limit) => {
    const refused = parsePkcs12(fileOf(bags()), 'secret', 'F');
    expect((await failureOf(refused)).message).toBe(`"F" holds more than ${limit}`);
  });

  it('derives no key before its entries are counted', async () => {
    const derive = jest.spyOn(KeyDerivation.prototype, 'pkcs12');
    const parameters = sequence(der(4, Buffer.from('salt')), integer([1]));
    const scheme = sequence(identifier('1.2.840.113549.1.12.1.3'), parameters);
    const bags = Array<Buffer>(201).fill(shrouded(scheme));
    await failureOf(parsePkcs12(fileOf(bags), 'secret', 'F'));
    const { calls } = derive.mock;
    derive.mockRestore();
    expect(calls).toHaveLength(0);
  });

  it('is refused with the reason if the numbers of scrypt are wrong', async () => {
    for (const N of [1, 3]) {
      const scrypt = sequence(
        identifier('1.3.6.1.4.1.11591.4.11'),
        sequence(der(4, Buffer.from('salt')), integer([N]), integer([8]), integer([1])),
      );
      const aes = sequence(identifier('2.16.840.1.101.3.4.1.42'), der(4, Buffer.alloc(16)));
      const algorithm = sequence(identifier('1.2.840.113549.1.5.13'), sequence(scrypt, aes));
      const error = await failureOf(parsePkcs12(fileOf([shrouded(algorithm)]), 'secret', 'F'));
      expect(error.code).toBe('encryption-unsupported');
    }
  });
});

describe('DER that is no DER of a key', () => {
  it.each([
    ['a tag of its own', '3004a6020500'],
    ['an identifier in parts', '300426020500'],
    ['an empty identifier', '30020600'],
    ['a number that is too large', '300d060bffffffffffffffffffff7f'],
  ])('is refused with an error of the catalogue: %s', async (_, hex) => {
    const bytes = Buffer.from(hex, 'hex');
    const certificate = block('CERTIFICATE', bytes);
    expect(readPem(certificate).blocks).toHaveLength(1);
    for (const [changes, code] of [
      [{ transportCertificate: certificate }, 'certificate-malformed'],
      [{ transportPrivateKey: block('PRIVATE KEY', bytes) }, 'private-key-malformed'],
      [{ keyFormat: 'pkcs12', pkcs12: bytes.toString('base64') }, 'pkcs12-malformed'],
    ] as const) {
      expect(await failureOf(profileWith(changes))).toMatchObject({ code });
    }
  });
});
