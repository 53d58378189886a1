import {
  basicAuthorization,
  clientAuthenticationOf,
} from '../../core/profile/clientAuthentication';
import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { customCredential } from '../support/bank/credential';
import { everythingOf, failureOf } from '../support/failure';

const SECRET = 's3cret-5e1f-of-the-client';
const secretMethods = ['client_secret_basic', 'client_secret_post'] as const;

let settings: BankSettings;
beforeAll(async () => {
  settings = await customCredential('https://bank.example');
});

/** The failure of a credential with a client secret. */
const refused = (clientSecret: string, changes: BankSettings = {}) =>
  failureOf(
    createProfile({
      ...settings,
      clientAuthentication: 'client_secret_basic',
      clientSecret,
      ...changes,
    }),
  );

describe('the client authentication of a credential', () => {
  it('is a signed assertion if nothing is chosen, as in stored credentials', async () => {
    const { authentication, signer } = await createProfile(settings);
    expect(authentication).toEqual({ method: 'private_key_jwt' });
    expect(signer).toBeDefined();
  });

  it('is a secret in the header if there is a secret, and n8n dropped the choice with the custom settings', () => {
    expect(clientAuthenticationOf({ clientSecret: SECRET }).authentication).toEqual({
      method: 'client_secret_basic',
      secret: SECRET,
    });
  });

  it.each(secretMethods)('has the secret for %s, and signs no assertion', async (method) => {
    const { authentication, signer, requestSigner } = await createProfile({
      ...settings,
      clientAuthentication: method,
      clientSecret: SECRET,
    });
    expect(authentication).toEqual({ method, secret: SECRET });
    expect(signer).toBeUndefined();
    // Request objects are signed all the same.
    expect(await requestSigner()).toMatchObject({ algorithm: 'PS256' });
  });

  it('has no secret if the choice needs none', () => {
    for (const method of [
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ] as const) {
      const given = { clientAuthentication: method, clientSecret: SECRET };
      expect(clientAuthenticationOf(given).authentication).toEqual({ method });
    }
  });

  it('is refused if it is no value of the field', async () => {
    const clientAuthentication = 'client_secret_jwt' as 'private_key_jwt';
    expect(await failureOf(createProfile({ ...settings, clientAuthentication }))).toMatchObject({
      code: 'field-malformed',
      message: '"Client Authentication" has an unknown value',
    });
  });
});

describe('a client secret', () => {
  it.each(['', ' \n\t '])('that is empty (%j) is missing', async (given) => {
    expect(await refused(given)).toMatchObject({
      code: 'field-missing',
      message: '"Client Secret" is empty',
      description: expect.stringContaining('choose another "Client Authentication"') as string,
    });
  });

  it.each([
    ['a line end', `${SECRET}\nx`],
    ['a line end', `x\r${SECRET}`],
    ['a line end', `x\u2028${SECRET}`],
    ['a control character', `${SECRET}\0x`],
    ['a control character', `x\t${SECRET}`],
    ['a control character', `x\u007f${SECRET}`],
    ['a character beyond ASCII', `${SECRET}\u200b-x`],
    ['a character beyond ASCII', `pässwort-${SECRET}`],
  ])('with %s inside is refused at its field, and is not shown', async (fault, given) => {
    const failure = await refused(given);
    expect(failure).toMatchObject({
      code: 'field-malformed',
      message: `"Client Secret" contains ${fault}, which no client secret has`,
    });
    expect(everythingOf(failure)).not.toContain(SECRET);
  });

  it('is used without the white space around it, and a notice says so', async () => {
    for (const given of [`${SECRET}\r\n`, ` \ufeff${SECRET}\u00a0`]) {
      const { authentication, notices } = await createProfile({
        ...settings,
        clientAuthentication: 'client_secret_post',
        clientSecret: given,
      });
      expect(authentication.secret).toBe(SECRET);
      expect(notices.map(({ code, message }) => `${code}: ${message}`)).toEqual([
        'pem-repaired: "Client Secret" was repaired: white space around it left out',
      ]);
    }
  });

  it('may have blanks and all signs of ASCII inside', () => {
    const secret = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    const clientSecret = `x${secret.join('')}`;
    const given = { clientAuthentication: 'client_secret_post', clientSecret } as const;
    expect(clientAuthenticationOf(given).authentication.secret).toBe(clientSecret);
  });

  it('is found in a field that is not secret, also in base64', async () => {
    for (const scope of [`accounts ${SECRET}`, Buffer.from(SECRET).toString('base64')]) {
      expect(await refused(SECRET, { scope })).toMatchObject({
        code: 'field-malformed',
        message: '"Scope" contains the secret of "Client Secret"',
      });
    }
  });

  it('that is what n8n shows in its place is refused', async () => {
    const failure = await refused('__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6x');
    expect(failure.message).toBe('"Client Secret" was changed without being emptied first');
  });

  it('of more than 4,096 characters is refused', async () => {
    expect((await refused('x'.repeat(4097))).message).toContain('more than 4096 characters');
  });

  it('does not stand beside another "Authorization" in the extra headers', async () => {
    const extraHeaders = 'x-api-key: 1\nAUTHORIZATION: Basic hunter2-hunter2';
    const failure = await refused(SECRET, { extraHeaders });
    expect(failure).toMatchObject({ code: 'field-malformed' });
    expect(failure.message).toMatch(/^"Extra Headers" does not work with a client secret in the/);
    expect(everythingOf(failure)).not.toContain('hunter2');
    const inForm = { clientAuthentication: 'client_secret_post', clientSecret: SECRET } as const;
    const { extraHeaders: kept } = await createProfile({ ...settings, ...inForm, extraHeaders });
    expect(Object.keys(kept)).toEqual(['x-api-key', 'AUTHORIZATION']);
  });
});

it.each([
  // RFC 6749 §2.3.1.
  ['s6BhdRkqt3', '7Fjfp0ZBr1KtDRbnfVdmIw', 's6BhdRkqt3:7Fjfp0ZBr1KtDRbnfVdmIw'],
  // Appendix B of it encodes this value.
  ['a', ' %&+', 'a:+%25%26%2B'],
  ['https://tpp.example', 'a:b/c=~', 'https%3A%2F%2Ftpp.example:a%3Ab%2Fc%3D%7E'],
  ['client-1_2.3*', '-_.*', 'client-1_2.3*:-_.*'],
])(
  'the header of client "%s" encodes ID and secret as a form does, and then both in base64',
  (clientId, secret, decoded) => {
    const [scheme, encoded = ''] = basicAuthorization(clientId, secret).split(' ');
    expect(scheme).toBe('Basic');
    expect(Buffer.from(encoded, 'base64').toString()).toBe(decoded);
  },
);
