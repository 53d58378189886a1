import { randomBytes } from 'node:crypto';
import { displayText, plainText } from '../../core/lib/displayText';
import { secretHider } from '../../core/lib/hiddenSecrets';
import { withoutSecrets } from '../../core/lib/withoutSecrets';

describe('displayText', () => {
  it.each<[string, unknown, string]>([
    [
      'white space and control characters with one space',
      ' a\r\n\tb\u0000\u202ec\u2028d ',
      'a b c d',
    ],
    [
      'characters that are not seen with one space',
      'a\u200bb\u00adc\ufe0fd\u3164e\u{e0041}f',
      'a b c d e f',
    ],
    ['halves of characters with one space', 'a\ud83db\udc00c', 'a b c'],
    [
      'a JWT',
      'token eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln was refused',
      'token [hidden] was refused',
    ],
    ['a number with its digits', 42, '42'],
    ['an object with nothing', { error: 'x' }, ''],
    ['null with nothing', null, ''],
  ])('replaces %s', (_, value, text) => {
    expect(displayText(value, [])).toBe(text);
  });

  it('hides secrets, also as they are encoded in a form', () => {
    expect(displayText('got s/cret and s%2Fcret', ['s/cret'])).toBe('got [hidden] and [hidden]');
  });

  it('does not hide values of fewer than four characters, which could be parts of words', () => {
    expect(displayText('a code', ['cod'])).toBe('a code');
  });

  it('cuts a text at 500 characters, and hides a secret that crosses the cut', () => {
    expect(displayText('x'.repeat(600), [])).toHaveLength(500);
    expect(displayText(`${'x'.repeat(495)}s3cret`, ['s3cret'])).toBe(`${'x'.repeat(495)}[hidd`);
    expect(displayText(`${'x'.repeat(499)}😀`, [])).toBe('x'.repeat(499));
  });
});

const html = (text: string) =>
  text.replace(/[^\w]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`);
const twice = (text: string) => encodeURIComponent(encodeURIComponent(text));
const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const random = () => randomBytes(60).toString('base64url');
const split = (text: string, by: string) => text.replace(/.{5}/g, `$&${by}`);

describe('a secret that a bank repeats', () => {
  const secrets = {
    'a long one': randomBytes(48).toString('base64'),
    'a GUID': 'a2b6c1d0-7e31-4f0a-9c55-0d1e2f3a4b5c',
    'one with signs': 'Ab+cd/ef==~gh.12-XY_zq+77//kk',
    'a short one': 'x/9+q7=z',
  };
  const forms: Record<string, (text: string) => string> = {
    'as it is': (text) => text,
    'in upper case': (text) => text.toUpperCase(),
    'in lower case': (text) => text.toLowerCase(),
    'as in a form': encodeURIComponent,
    'as in a form, twice': twice,
    'with a blank for each plus': (text) => text.replaceAll('+', ' '),
    'in base64': base64,
    'in base64url': base64url,
    'in base64, as in a form': (text) => encodeURIComponent(base64(text)),
    'in hexadecimal': (text) => Buffer.from(text).toString('hex').toUpperCase(),
    'in HTML': html,
    'in HTML, without the sign that ends an escape': (text) =>
      text.replace(/./g, (sign) => `&#${sign.charCodeAt(0)}`),
    'in HTML, twice': (text) => html(text).replaceAll('&', '&amp;'),
    'in JSON, with escaped slashes': (text) =>
      text.replaceAll('/', '\\/').replaceAll('=', '\\u003d'),
  };
  const cases = Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(forms).map(([form, make]) => [name, form, make(secret), secret] as const),
  );
  it.each(cases)('is hidden: %s, %s', (_, __, echoed, secret) => {
    expect(displayText(`Refused: ${echoed} was sent`, [secret])).toBe('Refused: [hidden] was sent');
  });

  const secret = secrets['a long one'];
  it.each<[string, string]>([
    ['split by blanks', split(secret, ' ')],
    ['split by line breaks', split(secret, '\r\n')],
    ['split by soft hyphens', split(secret, '\u00ad')],
    ['cut at its end', secret.slice(0, 12)],
    ['cut at its beginning', secret.slice(-16)],
    ['cut at both ends', secret.slice(11, 25)],
    ['in base64 after one character', base64(`:${secret}`)],
    ['in base64 after two characters', base64(`::${secret}!`)],
    ['a part of it in base64', base64(secret.slice(7, 23))],
    [
      'each character as in a form',
      secret.replace(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`),
    ],
  ])('is hidden: %s', (_, echoed) => {
    const shown = displayText(`Refused: ${echoed}; sorry`, [secret]);
    expect(shown).toContain('[hidden]');
    expect(shown.replaceAll('[hidden]', '')).toMatch(/^Refused: .{0,9}; sorry$/);
  });

  it('is hidden quickly, however large the text and the secrets are', () => {
    const large = randomBytes(6144).toString('base64');
    const started = process.cpuUsage();
    for (const text of ['a'.repeat(1 << 20), '%25'.repeat(300_000), large.repeat(128)]) {
      displayText(text, [large, 'a'.repeat(8192), large.slice(1)]);
    }
    const { user, system } = process.cpuUsage(started);
    // A search of the whole text for each part of a secret would take minutes and block n8n.
    expect((user + system) / 1000).toBeLessThan(20_000);
  });

  it('is hidden quickly, however often and however alike the texts and the secrets are', () => {
    const secrets = [
      'a'.repeat(500_000),
      `b${'a'.repeat(1000)}`.repeat(300),
      '%2525'.repeat(50_000),
      randomBytes(300_000).toString('base64'),
      secret,
    ];
    const texts = [
      ...['a'.repeat(200_000), `c${'a'.repeat(1000)}`.repeat(200), `${secret}!`.repeat(3000)],
      ...Array.from({ length: 50_000 }, () => 'abcdef'),
    ];
    const started = process.cpuUsage();
    const [a, c, , ...others] = withoutSecrets(texts, secretHider(secrets)) as string[];
    const { user, system } = process.cpuUsage(started);
    // If the forms of the secrets were made or searched for each text, it would take hours.
    expect((user + system) / 1000).toBeLessThan(5000);
    expect([a, c?.slice(0, 20)]).toEqual(['[hidden]', 'c[hidden]c[hidden]c[']);
    expect(others.slice(1)).toEqual(texts.slice(4));
  });

  it('is hidden among many that begin in the same way', () => {
    const alike = Array.from({ length: 40 }, () => `eyJhbGciOiJQUzI1NiIsInR5cCI6${random()}`);
    const hide = secretHider(alike);
    for (const one of alike) expect(hide(`sent ${one}!`)).toBe('sent [hidden]!');
  });

  it('is hidden at both ends in base64, however large it is, and everywhere as it is', () => {
    const large = randomBytes(60_000).toString('base64url');
    const hide = secretHider([large]);
    // The letter before a part may also be the one before it in the secret.
    const hidden = /^sen(?:t )?\[hidden\]!$/;
    expect(hide(`sent ${large.slice(40_000, 40_100)}!`)).toMatch(hidden);
    for (const part of [large.slice(0, 99), large.slice(-99)]) {
      expect(hide(`sent ${base64(part)}!`)).toMatch(hidden);
    }
  });

  it('is hidden only where it stands alone, if it is a short word or number', () => {
    const hide = secretHider(['client', '3600', 'k3y-1']);
    const text = 'invalid_client, clients, 13600: client: CLIENT, k3y-1x\\nclient 3600';
    expect(hide(text)).toBe(
      'invalid_client, clients, 13600: [hidden]: [hidden], [hidden]x\\n[hidden] [hidden]',
    );
  });

  it('is hidden in each text of an output item', () => {
    const answer = {
      active: true,
      n: 1,
      echo: [`client_assertion=${twice(secret)}`],
      sub: { a: null },
    };
    expect(withoutSecrets(answer, secretHider([secret]))).toEqual({
      ...answer,
      echo: ['client_assertion=[hidden]'],
    });
  });
});

describe('a word that nobody sent', () => {
  it.each([
    randomBytes(30).toString('base64url'),
    randomBytes(32).toString('hex'),
    base64(randomBytes(48).toString('base64')),
    'ory_rt_Vf0kI3b7Qm2Xw9Zt4Lr8Np1Sd6Hc5Jy0Ge3Ua7Bo2',
  ])('is hidden if it looks like a token: %s', (word) => {
    expect(displayText(`token ${word}, sorry`, [])).toBe('token [hidden], sorry');
    const address = `https://bank.example/tokens/${word.replaceAll('/', '')}`;
    expect(displayText(address, [])).toBe('https://bank.example/tokens/[hidden]');
  });

  it.each([
    'https://is.bank.example:9446/open-banking/v3.1/aisp/account-access-consents',
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    'UK.OBIE.Resource.ConsentMismatch.UnexpectedStatusOfConsent',
    'org.wso2.financial.services.accelerator.identity.extensions.ClientAuthenticationException',
    'token_endpoint_auth_signing_alg_values_supported',
    'a2b6c1d0-7e31-4f0a-9c55-0d1e2f3a4b5c/b2b6c1d0-7e31-4f0a-9c55-0d1e2f3a4b5c',
    'CN=0015800001HQQrZAAX,OU=0015800001HQQrZAAX,O=OpenBanking,C=GB',
    '-'.repeat(60),
    '20261127024308000000000000000000000000000001',
  ])('is shown if it does not: %s', (word) => {
    expect(displayText(`See ${word}.`, [])).toBe(`See ${word}.`);
  });

  it('is hidden if it is named as a secret', () => {
    const token = 'Zk3+Hb8/Jw6fPq1nXe5U';
    for (const text of [`refresh_token=${token}`, `{\\"Access_Token\\": \\"${token}\\"`]) {
      expect(displayText(text, [])).toBe(text.replace(token, '[hidden]'));
    }
    expect(displayText('refresh_token: is wrong', [])).toBe('refresh_token: is wrong');
  });

  it('is shown in any case where no request can be repeated', () => {
    const identifier = randomBytes(32).toString('hex');
    expect(plainText(identifier)).toBe(identifier);
  });
});
