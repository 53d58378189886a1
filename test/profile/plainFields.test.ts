import { createProfile } from '../../core/profile/profile';
import { assertNoSecretInPlainFields } from '../../core/profile/plainFields';
import { secretFields } from '../../core/profile/secretFields';
import { fieldLabels } from '../../core/profile/fieldLabels';
import { clientOf } from '../../core/oauth/client';
import { openConsentTokens } from '../../core/tokens/openStores';
import { displayText } from '../../core/lib/displayText';
import { clientCertificate } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { customCredential } from '../support/bank/credential';
import { loadPackage } from '../support/n8n/nodeExecution';
import type { INodeProperties } from 'n8n-workflow';

/** The dots that n8n shows in place of a stored secret. It saves them if a person types beside them. */
const PLACEHOLDER = '__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6';

const FIELDS = {
  'Client ID': 'clientId',
  Scope: 'scope',
  'Key ID': 'keyId',
  'Redirect URI': 'redirectUri',
  Issuer: 'issuer',
} as const;

describe.each(Object.entries(FIELDS))('a secret in "%s"', (label, name) => {
  it.each(['a private key', 'a private key in one line', 'a certificate', 'a token (JWT)'])(
    'is rejected with an error that does not repeat it: %s',
    async (kind) => {
      const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
      const value = {
        'a private key': privateKey,
        'a private key in one line': privateKey.replaceAll('\n', ' '),
        'a certificate': certificate,
        'a token (JWT)': 'eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
      }[kind]!;
      const settings = { ...(await customCredential('https://bank.example')), [name]: value };
      const error = await failureOf(createProfile(settings));
      expect(error).toMatchObject({ code: 'field-malformed', outcome: 'not-sent' });
      expect(error.message).toBe(`"${label}" holds ${kind.replace(' in one line', '')}`);
      expect(error.description).toContain(
        `Empty this field, and fill in what the bank calls ${label}.`,
      );
      expect(error.description.includes('treat it as known')).toBe(kind.includes('private key'));
      for (const part of value.match(/[A-Za-z0-9+/]{12,}/g) ?? []) {
        expect(`${error.message}${error.description}`.includes(part)).toBe(false);
      }
    },
  );
});

it('recognizes a key without its first line, and a JWK', () => {
  const refused = (clientId: string) => () => assertNoSecretInPlainFields({ clientId });
  expect(refused(`MIIEvgIBADANBg${'A'.repeat(300)}`)).toThrow(
    /holds a key or certificate in base64/,
  );
  expect(refused('{"kty":"RSA","d":"x"}')).toThrow(/holds a key \(JWK\)/);
});

it('accepts client IDs as banks issue them', () => {
  for (const clientId of [
    'LvbSjaOIUPmAWZT8jdzyvjqCqY8a',
    'https://tpp.example/client',
    'PSDGB-FCA-1',
    'MIDAS',
  ]) {
    expect(() => assertNoSecretInPlainFields({ clientId })).not.toThrow();
  }
});

it('accepts the address of the metadata as issuer', async () => {
  const url = 'https://bank.example/.well-known/openid-configuration';
  const settings = {
    ...(await customCredential('https://bank.example')),
    bank: 'discovery' as const,
    issuer: url,
  };
  expect((await createProfile(settings)).bank).toEqual({ discover: 'https://bank.example' });
});

it('hides a key that is part of a text of the bank', () => {
  expect(displayText('no client -----BEGIN PRIVATE KEY----- MIIEvgIBADANBg', [])).toBe(
    'no client [hidden]',
  );
});

describe('a field that is not secret', () => {
  const passphrase = 'correct horse battery';
  const encryptionKey = 'Zx81+kQ/secretSECRETsecret0123456789abcd=';
  const databasePassword = 'p%40ss-word-of-the-database';
  let settings: Record<string, string>;
  let properties: INodeProperties[];
  let privateKey: string;
  beforeAll(async () => {
    properties = (await loadPackage()).getCredential('openBankingApi').type.properties;
    const custom = await customCredential('https://bank.example');
    privateKey = custom.transportPrivateKey!;
    settings = {
      ...(custom as Record<string, string>),
      passphrase,
      encryptionKey: `${encryptionKey} anotherKeyOfFortyCharacters0123456789ab`,
      postgresUrl: `postgres://n8n:${databasePassword}@db.example/n8n`,
    };
  });
  const textFields = () =>
    properties.filter(({ type }) => type === 'string' || type === 'options' || type === 'json');
  const isPassword = ({ typeOptions }: INodeProperties) => typeOptions?.password === true;

  it('is every text field of the credential but for those that n8n hides', () => {
    const passwords = textFields().filter(isPassword);
    expect(passwords.length).toBeGreaterThan(6);
    for (const { name } of passwords) expect(Object.keys(secretFields)).toContain(name);
    for (const { name } of textFields().filter((field) => !isPassword(field))) {
      expect(Object.keys(secretFields)).not.toContain(name);
    }
  });

  it('has its label in messages', () => {
    for (const { name, displayName, type } of textFields()) {
      if (type !== 'string') continue;
      const labels = textFields()
        .filter((field) => field.name === name)
        .map((field) => field.displayName);
      expect([name, ...labels]).toContain(
        (fieldLabels as Record<string, string>)[name] ?? displayName,
      );
      expect(Object.keys(fieldLabels)).toContain(name);
    }
  });

  it('is refused if it contains a secret, whichever field it is', () => {
    for (const field of textFields().filter((each) => !isPassword(each))) {
      const refused = () =>
        assertNoSecretInPlainFields({ ...settings, [field.name]: `x ${passphrase} y` });
      expect(refused).toThrow(/contains the secret of "Passphrase"$/);
    }
  });

  it('may not hold what n8n shows in place of a stored secret, whichever secret field it is', async () => {
    for (const { name, displayName } of textFields().filter(isPassword)) {
      for (const value of [`new ${PLACEHOLDER}`, `${PLACEHOLDER} new`, `a\n${PLACEHOLDER}b`]) {
        const error = await failureOf(clientOf({ ...settings, [name]: value }));
        expect(error).toMatchObject({ code: 'field-malformed', outcome: 'not-sent' });
        expect(error.message).toBe(`"${displayName}" was changed without being emptied first`);
        expect(error.description).toContain('Empty the field, and fill in everything again.');
        expect(`${error.message}${error.description}`).not.toContain('n8n_BLANK');
      }
    }
  });

  it('opens no store for a key with what n8n shows in its place', () => {
    for (const encryptionKey of [`${PLACEHOLDER} ${passphrase}`, `new${PLACEHOLDER}`]) {
      expect(() => openConsentTokens({} as never, { encryptionKey })).toThrow(
        '"Encryption Key" was changed without being emptied first',
      );
    }
  });

  it('may also be a field that a later version adds', () => {
    expect(() => assertNoSecretInPlainFields({ ...settings, added: passphrase })).toThrow(
      '"added" contains the secret of "Passphrase"',
    );
  });

  const lineOf = (pem: string) => pem.split('\n')[7]!;
  it.each<[string, string, () => string]>([
    ['Passphrase', 'as it is', () => passphrase],
    ['Passphrase', 'in base64', () => btoa(passphrase)],
    [
      'Passphrase',
      'in base64url, within other words',
      () => Buffer.from(`a ${passphrase} z`).toString('base64url'),
    ],
    ['Passphrase', 'percent-encoded', () => encodeURIComponent(passphrase)],
    [
      'Passphrase',
      'percent-encoded twice',
      () => encodeURIComponent(encodeURIComponent(passphrase)),
    ],
    ['Passphrase', 'in hex', () => Buffer.from(passphrase).toString('hex')],
    ['Passphrase', 'from its end', () => [...passphrase].reverse().join('')],
    ['Passphrase', 'in capitals', () => passphrase.toUpperCase()],
    ['Passphrase', 'on several lines', () => passphrase.replaceAll(' ', '\n')],
    ['Passphrase', 'without blanks', () => passphrase.replaceAll(' ', '')],
    ['Encryption Key', 'one of several', () => encryptionKey],
    ['Encryption Key', 'escaped as in JSON', () => encryptionKey.replaceAll('/', '\\/')],
    ['PostgreSQL Connection', 'its password', () => databasePassword],
    ['PostgreSQL Connection', 'its password, decoded', () => decodeURIComponent(databasePassword)],
    ['Transport Private Key', 'a line', () => lineOf(privateKey)],
    ['Transport Private Key', 'a part of a line', () => lineOf(privateKey).slice(20, 40)],
    [
      'Transport Private Key',
      'across two lines',
      () => privateKey.replaceAll('\n', '').slice(150, 180),
    ],
    ['Transport Private Key', 'a line, in base64', () => btoa(lineOf(privateKey))],
    [
      'Transport Private Key',
      'a line from its end',
      () => [...lineOf(privateKey)].reverse().join(''),
    ],
  ])('is refused if it contains the %s %s, without an echo', async (label, _, value) => {
    for (const name of ['scope', 'host', 'postgresSchema', 'consent']) {
      const error = await failureOf(
        clientOf({ ...settings, [name]: `accounts ${value()}` }).then(() =>
          clientOf({ ...settings, [name]: value() }),
        ),
      );
      expect(error).toMatchObject({ code: 'field-malformed', stage: 'configuration' });
      expect(error.message).toContain(`contains the secret of "${label}"`);
      expect(error.message + error.description).not.toContain(value());
    }
  });

  it('is also refused if it contains a part of a JWK or of a PKCS#12 file', () => {
    const jwk = {
      kty: 'OKP',
      crv: 'Ed25519',
      x: 'public-part-of-the-key',
      d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    };
    const refused = (changes: Record<string, string>) => () => assertNoSecretInPlainFields(changes);
    const signingPrivateKey = JSON.stringify(jwk, null, 2);
    expect(refused({ signingPrivateKey, keyId: jwk.d })).toThrow('"Signing Private Key"');
    expect(refused({ signingPrivateKey, keyId: jwk.x })).not.toThrow();
    const pkcs12 = Buffer.from(Array.from({ length: 900 }, (_, at) => at % 251)).toString('base64');
    expect(refused({ pkcs12, keyId: pkcs12.slice(300, 330) })).toThrow('"PKCS #12 File"');
  });

  it('for certificates is refused if it also contains a private key', () => {
    const both = settings.transportCertificate! + privateKey;
    for (const name of ['transportCertificate', 'signingCertificate', 'certificateAuthorities']) {
      expect(() => assertNoSecretInPlainFields({ ...settings, [name]: both })).toThrow(
        /holds a private key$/,
      );
    }
  });

  it('may share short words with a secret, and certificates with the field of the key', () => {
    const { transportCertificate } = settings;
    expect(() =>
      assertNoSecretInPlainFields({
        ...settings,
        host: 'db.example',
        passphrase: 'bank',
        transportPrivateKey: privateKey + transportCertificate!,
        pkcs12: transportCertificate!.replace(/-----.*-----|\s/g, ''),
      }),
    ).not.toThrow();
  });

  const apiKey = 'k3y-9f2b';
  it.each([
    ['on lines of their own', `x-client: one\nx-api-key: ${apiKey}`],
    ['in one line, as old password fields have them', `x-client: one x-api-key: ${apiKey}`],
    ['with the line ends of old programs', `x-client: one\rx-api-key: ${apiKey}\rx-other: two`],
  ])('is refused if it contains the value of one of several headers %s', (_, extraHeaders) => {
    for (const value of [apiKey, `accounts ${apiKey}`, btoa(apiKey)]) {
      expect(() => assertNoSecretInPlainFields({ extraHeaders, scope: value })).toThrow(
        '"Scope" contains the secret of "Extra Headers"',
      );
    }
    const words = { extraHeaders: 'x-environment: production', host: 'production.bank.example' };
    expect(() => assertNoSecretInPlainFields(words)).not.toThrow();
  });

  it.each([
    ['transportPrivateKey', 'Transport Private Key', 262_144],
    ['pkcs12', 'PKCS #12 File', 262_144],
    ['signingCertificate', 'Signing Certificate', 262_144],
    ['certificateAuthorities', 'Certificate Authorities', 1_048_576],
    ['extraHeaders', 'Extra Headers', 8000],
  ])('is not searched for a secret that is too long to be one: %s', (name, label, maximum) => {
    const check = (length: number) => () =>
      assertNoSecretInPlainFields({ [name]: 'x'.repeat(length) });
    expect(check(maximum)).not.toThrow();
    expect(check(maximum + 1)).toThrow(`"${label}" has more than ${maximum} characters`);
  });

  it('is compared with a long secret within a short time', () => {
    const label = 'PRIVATE KEY-----';
    const key = `-----BEGIN ${label}\n${'a'.repeat(200_000)}\n-----END ${label}`;
    const scope = `b${'a'.repeat(14)}`.repeat(33);
    const fields = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`added${at}`, scope.slice(at)]),
    );
    const before = process.cpuUsage();
    expect(() =>
      assertNoSecretInPlainFields({ ...fields, transportPrivateKey: key }),
    ).not.toThrow();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1500);
  });
});
