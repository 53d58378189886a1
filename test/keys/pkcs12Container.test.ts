import { createHmac, createPrivateKey, pbkdf2Sync, X509Certificate } from 'node:crypto';
import { der, identifier, indefinite, sequence, tagged } from '../support/keys/der';
import { clientCertificate, generatePrivateKey, privateKeyOf } from '../support/keys/certificates';
import type { TestCertificate } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { profileWith, transport } from '../support/keys/keyCredential';
import { pkcs12Of } from '../support/keys/pkcs12';

const DATA = '1.2.840.113549.1.7.1';
const BAG = '1.2.840.113549.1.12.10.1';
const integer = (...bytes: number[]) => der(2, Buffer.from(bytes));
const octets = (content: Buffer) => der(4, content);
/** An OCTET STRING in two parts. */
const octetsInParts = (content: Buffer) =>
  indefinite(0x24, octets(content.subarray(0, 100)), octets(content.subarray(100)));

const rawOf = ({ certificate }: TestCertificate) => new X509Certificate(certificate).raw;
const bag = (kind: number, value: Buffer) => sequence(identifier(`${BAG}.${kind}`), tagged(value));
const keyBag = (key = privateKeyOf('rsa')) => bag(1, key.export({ type: 'pkcs8', format: 'der' }));
const certificateBag = (certificate = rawOf(transport.rsa)) =>
  bag(3, sequence(identifier('1.2.840.113549.1.9.22.1'), tagged(octets(certificate))));
const contentOf = (...bags: Buffer[]) =>
  sequence(sequence(identifier(DATA), tagged(octets(sequence(...bags)))));
const fileOf = (content: Buffer, ...mac: Buffer[]) =>
  sequence(integer(3), sequence(identifier(DATA), tagged(octets(content))), ...mac);

const read = (file: Buffer, passphrase = 'secret') =>
  profileWith({ keyFormat: 'pkcs12', pkcs12: file.toString('base64'), passphrase });

describe('a PKCS#12 file', () => {
  it('is read without any protection', async () => {
    const { signer } = await read(fileOf(contentOf(keyBag(), certificateBag())));
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    expect(signer!.certificate!.raw.equals(rawOf(transport.rsa))).toBe(true);
  });

  it('is read in BER, with indefinite lengths and strings in parts', async () => {
    const certificate = bag(
      3,
      indefinite(
        0x30,
        identifier('1.2.840.113549.1.9.22.1'),
        indefinite(0xa0, octetsInParts(rawOf(transport.rsa))),
      ),
    );
    const content = indefinite(
      0x30,
      indefinite(
        0x30,
        identifier(DATA),
        indefinite(0xa0, octetsInParts(indefinite(0x30, keyBag(), certificate))),
      ),
    );
    const file = indefinite(
      0x30,
      integer(3),
      indefinite(0x30, identifier(DATA), indefinite(0xa0, octetsInParts(content))),
    );
    const { signer } = await read(file);
    expect(signer!.certificate!.raw.equals(rawOf(transport.rsa))).toBe(true);
  });

  it('is read with bags in bags, secret keys, revocation lists and unknown bags', async () => {
    const secretKey = bag(5, sequence(identifier('1.2.3.4'), tagged(octets(Buffer.alloc(32)))));
    const list = bag(
      4,
      sequence(identifier('1.2.840.113549.1.9.23.1'), tagged(octets(rawOf(transport.ec)))),
    );
    const nested = bag(6, sequence(keyBag(), bag(6, sequence(certificateBag()))));
    const { signer } = await read(fileOf(contentOf(secretKey, list, bag(99, integer(1)), nested)));
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
  });

  it('with the keys for signing and for transport is read with the one for transport', async () => {
    const signing = await clientCertificate({
      key: generatePrivateKey('ec'),
      extendedKeyUsage: [],
      from: -1,
    });
    const { signer, notices } = await read(
      fileOf(
        contentOf(
          keyBag(createPrivateKey(signing.privateKey)),
          certificateBag(rawOf(signing)),
          keyBag(),
          certificateBag(),
        ),
      ),
    );
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    expect(notices.map(({ message }) => message).join()).toContain('Left out');
  });

  it.each([
    ['its own length', [32]],
    ['the length of the digest', []],
  ])(
    'with the checksum PBMAC1 is read, and a wrong passphrase is noticed: key of %s',
    async (_, length) => {
      const content = contentOf(keyBag(), certificateBag());
      const salt = Buffer.from('12345678');
      const sha256 = sequence(identifier('1.2.840.113549.2.9'));
      const pbkdf2 = sequence(
        identifier('1.2.840.113549.1.5.12'),
        sequence(octets(salt), integer(0x08, 0x00), ...length.map((each) => integer(each)), sha256),
      );
      const algorithm = sequence(identifier('1.2.840.113549.1.5.14'), sequence(pbkdf2, sha256));
      const key = pbkdf2Sync('secret', salt, 2048, 32, 'sha256');
      const digest = createHmac('sha256', key).update(content).digest();
      const mac = sequence(
        sequence(algorithm, octets(digest)),
        octets(Buffer.alloc(8)),
        integer(1),
      );
      const file = fileOf(content, mac);
      expect((await read(file)).signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
      expect(await failureOf(read(file, 'other'))).toMatchObject({ code: 'passphrase-wrong' });
    },
  );

  it('that is signed or encrypted with a public key is named', async () => {
    const signedData = '1.2.840.113549.1.7.2';
    const signed = sequence(
      integer(3),
      sequence(identifier(signedData), tagged(sequence(integer(1)))),
    );
    expect((await failureOf(read(signed))).message).toContain('is signed with a key');
    const enveloped = sequence(
      sequence(identifier('1.2.840.113549.1.7.3'), tagged(sequence(integer(0)))),
    );
    const failure = await failureOf(read(fileOf(enveloped)));
    expect(failure).toMatchObject({ code: 'encryption-unsupported' });
    expect(failure.message).toContain('(a public key)');
  });

  it.each<[string, (file: string) => string, string]>([
    ['hex', (file) => Buffer.from(file, 'base64').toString('hex'), 'hex was decoded'],
    ['base64 twice', (file) => btoa(file), 'base64 around it was decoded'],
    ['percent-encoding', (file) => encodeURIComponent(file), 'percent-encoding was decoded'],
  ])('is read in %s, with a notice', async (_, mangle, words) => {
    const file = mangle(pkcs12Of(transport.rsa, 'secret'));
    const { notices } = await profileWith({
      keyFormat: 'pkcs12',
      pkcs12: file,
      passphrase: 'secret',
    });
    expect(notices.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
  });
});
