import { createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import type { BankSettings } from '../../core/profile/settings';
import { clientCertificate, pemBlock, pemOf, privateKeyOf } from '../support/keys/certificates';
import { itHolds, reportCounts } from './caseOf';
import { byteChange } from './changes/bytes';
import { changed, changesOf } from './changes/change';
import { derChange } from './changes/der';
import { jsonChange, jsonOf, textOf } from './changes/json';
import { pemChange } from './changes/pem';
import { textChange } from './changes/text';
import { KeyInputs, PASSPHRASE } from './keyInputs';

const inputs = new KeyInputs();

/** Texts of good keys and certificates, and keys in JWK. */
let keys: string[];
let certificates: string[];
const jwks = () => [privateKeyOf('ec'), privateKeyOf('ed25519'), privateKeyOf('rsa')].map(jwkOf);

const jwkOf = (key: ReturnType<typeof privateKeyOf>) => key.export({ format: 'jwk' });

beforeAll(async () => {
  const [ec, ed25519, rsa] = [
    await clientCertificate({ key: 'ec' }),
    await clientCertificate({ key: 'ed25519' }),
    await clientCertificate({ key: 'rsa' }),
  ];
  const sec1 = { type: 'sec1', format: 'pem' } as const;
  const pkcs1 = { type: 'pkcs1', format: 'pem' } as const;
  const aes = { cipher: 'aes-256-cbc', passphrase: PASSPHRASE };
  keys = [
    ec.privateKey,
    pemOf(privateKeyOf('ec'), PASSPHRASE),
    String(createPrivateKey(ec.privateKey).export(sec1)),
    String(createPrivateKey(ec.privateKey).export({ ...sec1, ...aes })),
    ed25519.privateKey,
    String(createPrivateKey(rsa.privateKey).export(pkcs1)),
  ];
  certificates = [
    ...[ec.certificate, `${ec.certificate}\n${ed25519.certificate}`, rsa.certificate],
    ed25519.certificate,
  ];
  const secretJwks = jwks().flatMap(({ d, p, q }) =>
    [d, p, q].filter((part) => part !== undefined),
  );
  await inputs.open([...keys, ed25519.privateKey, rsa.privateKey, ...secretJwks]);
});

reportCounts('keys');

const choose = <Text>(texts: Text[], choice: number) => texts[choice % texts.length]!;

/** The fields that a private key goes into. */
const keyField = fc.constantFrom<(key: string) => BankSettings>(
  (transportPrivateKey) => ({ transportPrivateKey }),
  (signingPrivateKey) => ({
    ...{ signingPrivateKey, signingPassphrase: PASSPHRASE },
    ...{ separateSigningKey: true, keyIdSource: 'jwk' },
  }),
);

it('reads the certificates and keys without a change', async () => {
  const own = { ec: certificates[0], ed25519: certificates[3], rsa: certificates[2] };
  for (const [index, kind] of (['ec', 'ec', 'ec', 'ec', 'ed25519', 'rsa'] as const).entries()) {
    const fields = { transportCertificate: own[kind], transportPrivateKey: keys[index] };
    expect(await inputs.errorOf(fields)).toBeUndefined();
  }
});

itHolds({
  title: 'a private key whose PEM was changed as people change it is read or refused',
  share: 0.2,
  input: fc.tuple(fc.nat(5), changesOf(pemChange), keyField),
  holds: ([which, changes, field]) => {
    const text = changed(choose(keys, which), changes);
    return inputs.expectProfileOrError(field(text), text);
  },
});

itHolds({
  title: 'a private key with changed text is read or refused',
  share: 0.15,
  input: fc.tuple(fc.nat(5), changesOf(textChange), keyField),
  holds: ([which, changes, field]) => {
    const text = changed(choose(keys, which), changes);
    return inputs.expectProfileOrError(field(text), text);
  },
});

/** PEM with a changed content. */
const withContent = (pem: string, change: (der: Buffer) => Buffer): string => {
  const [, kind = '', content = ''] = /-----BEGIN ([^-]+)-----([^-]*)/.exec(pem)!;
  const headers = /^\s*Proc-Type[^]*?\n\n/.exec(content)?.[0].trimStart() ?? '';
  const der = Buffer.from(content.trimStart().slice(headers.length), 'base64');
  const base64 = change(der).toString('base64').replace(/.{64}/g, '$&\n');
  return pemBlock(kind, headers + base64);
};

itHolds({
  title: 'a private key with changed DER is read or refused',
  share: 0.25,
  input: fc.tuple(fc.nat(5), changesOf(derChange, 2), keyField),
  holds: ([which, changes, field]) => {
    const text = withContent(choose(keys, which), (der) => changed(der, changes));
    return inputs.expectProfileOrError(field(text), text);
  },
});

itHolds({
  title: 'a private key with changed bytes is read or refused',
  share: 0.05,
  input: fc.tuple(fc.nat(5), changesOf(byteChange), keyField),
  holds: ([which, changes, field]) => {
    const text = withContent(choose(keys, which), (der) => changed(der, changes));
    return inputs.expectProfileOrError(field(text), text);
  },
});

itHolds({
  title: 'a private key in a changed JWK is read or refused',
  share: 0.1,
  input: fc.tuple(fc.nat(5), changesOf(jsonChange), keyField),
  holds: ([which, changes, field]) => {
    const text = textOf(changed(jsonOf(jwks()[which % 3]), changes));
    return inputs.expectProfileOrError(field(text), text);
  },
});

/** The fields that certificates go into. */
const certificateField = fc.constantFrom<keyof BankSettings>(
  'transportCertificate',
  'certificateAuthorities',
  'signingCertificate',
);

itHolds({
  title: 'a certificate with changed text is read or refused',
  share: 0.1,
  input: fc.tuple(fc.nat(3), changesOf(fc.oneof(textChange, pemChange)), certificateField),
  holds: ([which, changes, field]) => {
    const text = changed(choose(certificates, which), changes);
    const signing = { separateSigningKey: true, signingPrivateKey: keys[0] };
    return inputs.expectProfileOrError({ ...signing, [field]: text }, text);
  },
});

itHolds({
  title: 'a certificate with changed DER is read or refused',
  share: 0.1,
  input: fc.tuple(fc.nat(3), changesOf(derChange, 2), certificateField),
  holds: ([which, changes, field]) => {
    const text = withContent(choose(certificates, which), (der) => changed(der, changes));
    return inputs.expectProfileOrError({ [field]: text }, text);
  },
});

const hosts = ['is.bank.example:9446', 'https://[::1]:9446', '10.0.0.1'];

itHolds({
  title: 'a changed host is read or refused',
  share: 0.05,
  input: fc.tuple(fc.nat(2), changesOf(textChange)),
  holds: ([which, changes]) => {
    const host = changed(choose(hosts, which), changes);
    return inputs.expectProfileOrError({ host }, host);
  },
});

it.each([
  ['BEGIN lines', '-----BEGIN CERTIFICATE-----'.repeat(40_000)],
  ['backslashes', '\\'.repeat(1_000_000)],
  ['spaces', `-----BEGIN PRIVATE KEY-----${' '.repeat(1_000_000)}`],
  ['line breaks', `"${'\n'.repeat(1_000_000)}`],
  ['letters', 'A'.repeat(1_000_000)],
  ['braces', '{'.repeat(1_000_000)],
])('a megabyte of %s in a field is refused', async (_, text) => {
  for (const name of ['transportCertificate', 'transportPrivateKey', 'host'] as const) {
    await inputs.expectProfileOrError({ [name]: text }, text);
  }
  await inputs.expectProfileOrError({ certificateAuthorities: text }, text);
  await inputs.expectProfileOrError({ keyFormat: 'pkcs12', pkcs12: text }, text);
});
