import { createPrivateKey, X509Certificate } from 'node:crypto';
import { clientOf } from '../../core/oauth/client';
import { createProfile, type Profile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { encryptionKeys } from '../../core/tokens/records/encryptionKeys';
import { HOUR, later } from '../support/clock';
import { failureOf } from '../support/failure';
import {
  clientCertificate,
  generatePrivateKey,
  privateKeyOf,
  type TestCertificate,
} from '../support/keys/certificates';
import { credentialWith, transport } from '../support/keys/keyCredential';
import { pkcs12Of } from '../support/keys/pkcs12';

const FROM = '2026-12-01T02:00Z';
const before = new Date('2026-12-01T01:59:59.999Z');
const at = new Date(FROM);

const nextKey = generatePrivateKey('rsa');
const signingKey = generatePrivateKey('rsa');
let next: TestCertificate;
let signing: TestCertificate;
beforeAll(async () => {
  const dates = { from: -1, until: 4000 };
  next = await clientCertificate({ key: nextKey, ...dates });
  signing = await clientCertificate({ key: signingKey, ...dates });
});

/** A credential with next keys. The clocks of these tests are given, because certificates have real dates. */
const exchanging = (changes: BankSettings = {}): BankSettings =>
  credentialWith({
    exchangeKeys: true,
    nextKeysFrom: FROM,
    nextTransportCertificate: next.certificate,
    nextTransportPrivateKey: next.privateKey,
    ...changes,
  });
const profileAt = (now: Date, changes: BankSettings = {}) =>
  createProfile(exchanging(changes), now);

const certificateOf = ({ identity }: Profile) => new X509Certificate(identity.certificate);
const isOf = ({ certificate }: TestCertificate, profile: Profile) =>
  certificateOf(profile).raw.equals(new X509Certificate(certificate).raw);

describe('next keys', () => {
  it('take the place of the first ones at their time', async () => {
    const [first, second] = [await profileAt(before), await profileAt(at)];
    expect([isOf(transport.rsa, first), isOf(next, second)]).toEqual([true, true]);
    expect(first.signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    expect(second.signer!.key.equals(nextKey)).toBe(true);
    expect(first.signer!.keyId).not.toBe(second.signer!.keyId);
    expect(first.certificateThumbprints).toEqual([...second.certificateThumbprints].reverse());
  });

  it('are not used if the exchange is switched off', async () => {
    const profile = await profileAt(at, { exchangeKeys: false, nextKeysFrom: 'tomorrow' });
    expect(isOf(transport.rsa, profile)).toBe(true);
    expect(profile.certificateThumbprints).toHaveLength(1);
    expect(profile.choiceUntil).toBeUndefined();
  });

  it.each<[string, string]>([
    ['2026-12-01', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01T02:00', '2026-12-01T02:00:00.000Z'],
    [' 2026-12-01 02:00:30 ', '2026-12-01T02:00:30.000Z'],
    ['2026-12-01T02:00+01:00', '2026-12-01T01:00:00.000Z'],
    ['2026-12-01 02:00 -0530', '2026-12-01T07:30:00.000Z'],
    ['2026-12-01T02:00:00.000z', '2026-12-01T02:00:00.000Z'],
  ])('begin at a time that is written as "%s"', async (nextKeysFrom, moment) => {
    const { choiceUntil } = await profileAt(new Date('2026-11-01'), { nextKeysFrom });
    expect(choiceUntil).toEqual(new Date(moment));
  });

  it('make a client again when they begin, and only then', async () => {
    const from = new Date(Date.now() + 12 * HOUR).toISOString();
    const settings = exchanging({ nextKeysFrom: from, clientId: 'client-that-exchanges-keys' });
    const first = await clientOf(settings);
    expect(await clientOf(settings)).toBe(first);
    expect(isOf(transport.rsa, first.profile)).toBe(true);
    later(13 * HOUR);
    const second = await clientOf(settings);
    expect(isOf(next, second.profile)).toBe(true);
    expect(await clientOf(settings)).toBe(second);
    expect(second.profile.choiceUntil).toBeUndefined();
  });

  it('may be a renewed certificate for the same key', async () => {
    const renewed = await clientCertificate({ key: privateKeyOf('rsa'), until: 4000 });
    const changes = { nextTransportCertificate: renewed.certificate, nextTransportPrivateKey: '' };
    expect(isOf(renewed, await profileAt(at, changes))).toBe(true);
    expect((await profileAt(at, changes)).otherKeys).toEqual([]);
  });

  it('may be a PKCS#12 file', async () => {
    const changes: BankSettings = {
      keyFormat: 'pkcs12',
      pkcs12: pkcs12Of(transport.rsa, 'one'),
      passphrase: 'one',
      nextPkcs12: pkcs12Of(next, 'two'),
      nextPassphrase: 'two',
    };
    expect(isOf(transport.rsa, await profileAt(before, changes))).toBe(true);
    expect(isOf(next, await profileAt(at, changes))).toBe(true);
  });

  it('may be a signing key alone: the transport key stays', async () => {
    const changes: BankSettings = {
      nextTransportCertificate: '',
      nextTransportPrivateKey: '',
      nextSigningPrivateKey: signing.privateKey,
      nextSigningCertificate: signing.certificate,
    };
    const profile = await profileAt(at, changes);
    expect(isOf(transport.rsa, profile)).toBe(true);
    expect(profile.signer!.key.equals(signingKey)).toBe(true);
    expect((await profileAt(before, changes)).signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
  });

  it('may be a transport key alone: a separate signing key stays', async () => {
    const separate: BankSettings = {
      separateSigningKey: true,
      signingPrivateKey: signing.privateKey,
      signingCertificate: signing.certificate,
    };
    for (const now of [before, at]) {
      expect((await profileAt(now, separate)).signer!.key.equals(signingKey)).toBe(true);
    }
  });

  it('may be a signing certificate for the same signing key, which changes the key ID', async () => {
    const renewed = await clientCertificate({ key: signingKey, until: 3000 });
    const changes: BankSettings = {
      separateSigningKey: true,
      signingPrivateKey: signing.privateKey,
      signingCertificate: signing.certificate,
      nextSigningCertificate: renewed.certificate,
    };
    const [first, second] = [await profileAt(before, changes), await profileAt(at, changes)];
    expect(second.signer!.key.equals(first.signer!.key)).toBe(true);
    expect(second.signer!.certificate!.raw).toEqual(new X509Certificate(renewed.certificate).raw);
    expect(second.signer!.keyId).not.toBe(first.signer!.keyId);
  });

  it('have a key ID of their own if the bank assigns them', async () => {
    const changes = { keyIdSource: 'given', keyId: 'key-1', nextKeyId: 'key-2' } as const;
    expect((await profileAt(before, changes)).signer!.keyId).toBe('key-1');
    expect((await profileAt(at, changes)).signer!.keyId).toBe('key-2');
  });

  it('may begin again later if a person moves the time, also back', async () => {
    expect(isOf(transport.rsa, await profileAt(at, { nextKeysFrom: '2026-12-02' }))).toBe(true);
    expect(isOf(next, await profileAt(before, { nextKeysFrom: '2026-11-30' }))).toBe(true);
  });
});

describe('before and after an exchange', () => {
  it('each key decrypts JWTs of the bank', async () => {
    for (const now of [before, at]) {
      const { decryptionKeys } = await profileAt(now);
      for (const key of [privateKeyOf('rsa'), nextKey]) {
        expect(decryptionKeys.filter((held) => held.key.equals(key))).toHaveLength(1);
      }
    }
  });

  it('each key decrypts stored tokens, and that of now encrypts them', async () => {
    const [first, second] = [await profileAt(before), await profileAt(at)].map((profile) =>
      encryptionKeys('', profile).map(({ id }) => id.toString('hex')),
    ) as [string[], string[]];
    expect(new Set(first)).toEqual(new Set(second));
    expect(first).toHaveLength(2);
    expect(first[0]).not.toBe(second[0]);
  });

  it('the keys of the second fields are those of the first ones once they were moved there', async () => {
    const moved = await createProfile(
      credentialWith({
        transportCertificate: next.certificate,
        transportPrivateKey: next.privateKey,
      }),
      at,
    );
    const second = await profileAt(at);
    expect(moved.identity.fingerprint).toBe(second.identity.fingerprint);
    expect(moved.certificateThumbprint).toBe(second.certificateThumbprint);
    expect(encryptionKeys('', moved)[0].id).toEqual(encryptionKeys('', second)[0].id);
    expect(createPrivateKey(moved.identity.privateKey).equals(nextKey)).toBe(true);
  });
});

describe('wrong next keys are refused before and after their time', () => {
  it.each<[string, string, string, () => BankSettings]>([
    ['no time', 'field-missing', '"Next Keys From" is empty', () => ({ nextKeysFrom: ' ' })],
    [
      'a time without keys',
      'field-missing',
      'no next key or certificate is',
      () => ({ nextTransportCertificate: '', nextTransportPrivateKey: ' ' }),
    ],
    [
      'a time with keys of another format',
      'field-missing',
      'no next key or certificate is',
      () => ({ keyFormat: 'pkcs12', pkcs12: pkcs12Of(transport.rsa, ''), passphrase: '' }),
    ],
    [
      'a key of another certificate',
      'key-certificate-mismatch',
      '"Next Transport Private Key" does not belong to "Next Transport Certificate"',
      () => ({ nextTransportPrivateKey: signing.privateKey }),
    ],
    [
      'a certificate of another key than the present one',
      'key-certificate-mismatch',
      '"Transport Private Key" does not belong to "Next Transport Certificate"',
      () => ({ nextTransportPrivateKey: '' }),
    ],
    [
      'a key without a certificate',
      'field-missing',
      '"Next Transport Certificate" is empty',
      () => ({ nextTransportCertificate: '' }),
    ],
    [
      'a signing certificate without a key',
      'field-missing',
      '"Next Signing Private Key" is empty',
      () => ({ nextSigningCertificate: signing.certificate }),
    ],
    [
      'a signing key without the certificate that gives the key ID',
      'field-missing',
      '"Next Signing Certificate" is empty',
      () => ({ nextSigningPrivateKey: signing.privateKey }),
    ],
    [
      'a signing key of another kind than the algorithm',
      'algorithm-key-mismatch',
      '"Next Signing Private Key"',
      () => ({
        nextSigningPrivateKey: transport.ec.privateKey,
        nextSigningCertificate: transport.ec.certificate,
      }),
    ],
    [
      'no next key ID',
      'field-missing',
      '"Next Key ID" is empty',
      () => ({ keyIdSource: 'given', keyId: 'key-1' }),
    ],
    [
      'a next key ID that is none',
      'field-malformed',
      '"Next Key ID" has',
      () => ({ keyIdSource: 'given', keyId: 'key-1', nextKeyId: '{{ $json.kid }}' }),
    ],
  ])('%s', async (_, code, words, changes) => {
    for (const now of [before, at]) {
      const failure = await failureOf(profileAt(now, changes()));
      expect(failure).toMatchObject({ code, stage: 'configuration' });
      expect(failure.message).toContain(words);
    }
  });

  it.each([
    ...['tomorrow', '01.12.2026', '2026-13-01', '2026-02-30', '2026-12-01T25:00Z', '1796090400'],
    ...['2026-12-01T02:00 CET', '2026-12-01T02:00+99:00', '2026-12-01T'],
  ])('a time that is none: %s', async (nextKeysFrom) => {
    const failure = await failureOf(profileAt(at, { nextKeysFrom }));
    expect(failure).toMatchObject({ code: 'field-malformed', stage: 'configuration' });
    expect(failure.message).toContain('"Next Keys From" is not a date and time');
  });
});
