import { inspect } from 'node:util';
import fc from 'fast-check';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { certificateDates } from '../../core/keys/certificateDates';
import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import {
  certificateAuthority,
  clientCertificate,
  pemOf,
  privateKeyOf,
} from '../support/keys/certificates';
import { pkcs12Of } from '../support/keys/pkcs12';

let settings: BankSettings;
/** Good texts. The hostile inputs are changes of them. */
let genuine: { certificate: string[]; privateKey: string[]; pkcs12: string[] };
/** All parts of twelve characters of the keys. */
const secrets = new Set<string>();

beforeAll(async () => {
  const root = (await certificateAuthority()).certificate;
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
  const ec = await clientCertificate({ key: 'ec' });
  const jwk = privateKeyOf('ec').export({ format: 'jwk' });
  genuine = {
    certificate: [certificate, `${certificate}\n${root}`, ec.certificate],
    privateKey: [
      privateKey,
      pemOf(privateKeyOf('rsa'), 'passphrase'),
      ec.privateKey,
      JSON.stringify(jwk),
    ],
    // Few rounds of key derivation, so that the tests are fast.
    pkcs12: [[], ['-legacy']].map((options) =>
      pkcs12Of(ec, 'passphrase', [...options, '-iter', '50']),
    ),
  };
  for (const text of [...genuine.privateKey, ...genuine.pkcs12]) {
    for (const line of text.match(/[\w+/-]{12,}/g) ?? []) {
      if (/BEGIN|END|PRIVATE/.test(line)) continue;
      for (let at = 0; at + 12 <= line.length; at++) secrets.add(line.slice(at, at + 12));
    }
  }
  settings = {
    host: 'is.bank.example',
    clientId: 'client-1',
    transportCertificate: certificate,
    transportPrivateKey: privateKey,
    certificateAuthorities: root,
    passphrase: 'passphrase',
  };
});

/** A change of a text. Its places are fractions of the length of the text. */
type Mutation = (text: string) => string;

const place = fc.double({ min: 0, max: 1, noNaN: true });
const cut = (text: string, from: number, to: number) => {
  const [start, end] = [from, to].sort().map((at) => Math.floor(at * text.length));
  return [text.slice(0, start), text.slice(start, end), text.slice(end)] as const;
};
const fragment = fc.oneof(
  fc.string({ maxLength: 8, unit: 'binary' }),
  fc.constantFrom(
    ...[
      '-----BEGIN ',
      '-----END ',
      '-----',
      '\\n',
      '\\',
      '"',
      '\ufeff',
      '\r\n',
      '\0',
      '=',
      '{',
      '%',
    ],
    ...['-----BEGIN CERTIFICATE-----', '-----BEGIN EC PRIVATE KEY-----', 'Proc-Type: 4,ENCRYPTED'],
  ),
);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, place).map(([from, to]): Mutation => (text) => {
    const [before, , after] = cut(text, from, to);
    return before + after;
  }),
  fc.tuple(place, place, fc.nat(40)).map(([from, to, times]): Mutation => (text) => {
    const [before, between, after] = cut(text, from, to);
    return before + between.repeat(times) + after;
  }),
  fc.tuple(place, fragment).map(
    ([at, inserted]): Mutation =>
      (text) =>
        cut(text, at, at).join(inserted),
  ),
  // Changes a byte in the encoded structure: a length, a tag, the rounds.
  fc.tuple(place, fc.constantFrom(...'ABCDwxyz0189+/')).map(([at, letter]): Mutation => (text) => {
    const [before, , after] = cut(text, at, at);
    return before.slice(0, -1) + letter + after;
  }),
  fc.constant<Mutation>((text) => text.replaceAll('\n', '\\n')),
  fc.constant<Mutation>((text) => text.replaceAll('\n', '')),
  fc.constant<Mutation>((text) => Buffer.from(text).toString('base64')),
  fc.constant<Mutation>((text) => `"${text}"`),
);
const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });

const applied = (all: Mutation[], text: string) => all.reduce((given, each) => each(given), text);

/** Maximum time for an input, in milliseconds. It is long, because some machines are slow. */
const HANG = 5000;
let slowest = 0;

/** Expects a profile or an error of the stage `configuration`. Neither may contain a part of a key. */
async function expectProfileOrError(changes: BankSettings): Promise<void> {
  const started = performance.now();
  let result: unknown;
  try {
    const profile = await createProfile({ ...settings, ...changes });
    result = [profile.notices, certificateDates(profile)];
  } catch (error) {
    expect(error).toBeInstanceOf(OpenBankingError);
    expect((error as OpenBankingError).stage).toBe('configuration');
    result = error;
  }
  slowest = Math.max(slowest, performance.now() - started);
  const shown = inspect(result, { depth: 9, maxStringLength: null }) + JSON.stringify(result);
  const isLeaked = (shown.match(/[\w+/-]{12,}/g) ?? []).some((run) =>
    Array.from({ length: run.length - 11 }, (_, at) => run.slice(at, at + 12)).some((piece) =>
      secrets.has(piece),
    ),
  );
  if (isLeaked) throw new Error(`A message contains a part of a key: ${shown}`);
}

const choose = <Text>(texts: Text[], choice: number) => texts[choice % texts.length]!;

it.each<[string, number, (all: Mutation[], choice: number) => BankSettings]>([
  [
    'certificate',
    2000,
    (all, choice) => ({
      transportCertificate: applied(all, choose(genuine.certificate, choice)),
    }),
  ],
  [
    'private key',
    3000,
    (all, choice) => ({ transportPrivateKey: applied(all, choose(genuine.privateKey, choice)) }),
  ],
  [
    'signing key',
    1000,
    (all, choice) => ({
      separateSigningKey: true,
      keyIdSource: 'jwk',
      signingPassphrase: 'passphrase',
      signingPrivateKey: applied(all, choose(genuine.privateKey, choice)),
    }),
  ],
  [
    'PKCS#12 file',
    2000,
    (all, choice) => ({
      keyFormat: 'pkcs12',
      algorithm: 'ES256',
      pkcs12: applied(all, choose(genuine.pkcs12, choice)),
    }),
  ],
  [
    'bundle of authorities',
    1000,
    (all, choice) => ({
      certificateAuthorities: applied(all, choose(genuine.certificate, choice)),
    }),
  ],
  [
    'host',
    1000,
    (all, choice) => ({
      host: applied(
        all,
        choose(['is.bank.example:9446', 'https://[::1]:9446', '10.0.0.1'], choice),
      ),
    }),
  ],
])(
  'a changed %s leads to a profile or a configuration error, without a part of a key (%i runs)',
  async (_, numRuns, changes) => {
    await fc.assert(
      fc.asyncProperty(mutations, fc.nat(11), (all, choice) =>
        expectProfileOrError(changes(all, choice)),
      ),
      { numRuns },
    );
  },
  240_000,
);

it('reads or rejects each changed input within five seconds', () => {
  expect(slowest).toBeGreaterThan(0);
  expect(slowest).toBeLessThan(HANG);
});

it('reads or rejects a megabyte of BEGIN lines, backslashes, spaces or braces within five seconds', async () => {
  slowest = 0;
  for (const text of [
    '-----BEGIN CERTIFICATE-----'.repeat(40_000),
    '\\'.repeat(1_000_000),
    `-----BEGIN PRIVATE KEY-----${' '.repeat(1_000_000)}`,
    `"${'\n'.repeat(1_000_000)}`,
    'A'.repeat(1_000_000),
    '{'.repeat(1_000_000),
  ]) {
    await expectProfileOrError({ transportCertificate: text });
    await expectProfileOrError({ transportPrivateKey: text });
    await expectProfileOrError({ certificateAuthorities: text });
    await expectProfileOrError({ keyFormat: 'pkcs12', pkcs12: text });
    await expectProfileOrError({ host: text });
  }
  expect(slowest).toBeLessThan(HANG);
});
