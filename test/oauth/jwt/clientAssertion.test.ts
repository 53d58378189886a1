import { generateKeyPairSync } from 'node:crypto';
import { clientAssertion } from '../../../core/oauth/jwt/clientAssertion';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signer = { algorithm: 'ES256', keyId: 'key-1', key: privateKey } as const;
const decode = (part: string | undefined) =>
  JSON.parse(Buffer.from(part!, 'base64url').toString()) as Record<string, unknown>;

describe('a client assertion', () => {
  it('has the header and the claims that WSO2 requires', async () => {
    const now = new Date('2026-01-02T03:04:05.999Z');
    const audience = 'https://is.example:9446/oauth2/token';
    const jws = await clientAssertion({ ...signer, type: 'JWT' }, 'client-1', audience, now);
    const [header, payload] = jws.split('.');
    expect(decode(header)).toEqual({ kid: 'key-1', typ: 'JWT', alg: 'ES256' });
    const fiveSecondsBefore = Date.parse('2026-01-02T03:04:00Z') / 1000;
    expect(decode(payload)).toEqual({
      iss: 'client-1',
      sub: 'client-1',
      aud: audience,
      jti: expect.stringMatching(/^[\w-]{43}$/),
      iat: fiveSecondsBefore,
      nbf: fiveSecondsBefore,
      exp: fiveSecondsBefore + 60,
    });
  });

  it('has the type of draft RFC 7523bis if the credential asks for it', async () => {
    const jws = await clientAssertion(
      { ...signer, type: 'client-authentication+jwt' },
      'client-1',
      'https://bank.example',
    );
    expect(decode(jws.split('.')[0]).typ).toBe('client-authentication+jwt');
  });
});
