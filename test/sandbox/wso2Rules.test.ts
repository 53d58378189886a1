import type { errors } from 'oidc-provider';
import type { RegisteredClient } from '../../sandbox/clients';
import type { Connection } from '../../sandbox/listener';
import { refuse } from '../../sandbox/wso2Rules';
import { inWso2Words } from '../../sandbox/wso2Words';

// These cases take minutes or old certificates; all others are tested at the real bank.

const refusal = (error: string, error_detail: string): errors.OIDCProviderError =>
  ({ error, error_detail }) as errors.OIDCProviderError;

describe("WSO2's words", () => {
  it.each([
    [
      'authorization_code',
      'authorization code is expired',
      'Expired or Revoked authorization code received from token request',
    ],
    ['refresh_token', 'refresh token is expired', 'Refresh token is expired.'],
    ['authorization_code', 'code_verifier does not match code_challenge', 'PKCE validation failed'],
  ])('for %s: %s', (grant_type, detail, error_description) => {
    expect(inWso2Words(refusal('invalid_grant', detail), { grant_type })).toEqual({
      status: 400,
      error: 'invalid_grant',
      error_description,
    });
  });

  it('are undefined if WSO2 has none for an error', () => {
    expect(inWso2Words(refusal('invalid_scope', 'x'), {})).toBeUndefined();
  });
});

describe("WSO2's rules", () => {
  it('refuse a certificate that has expired', () => {
    const certificate = {} as never;
    const connection = {
      serial: 1,
      protocol: 'TLSv1.3',
      certificate,
      trusted: false,
      reason: 'CERT_HAS_EXPIRED',
    };
    expect(refuse({ connection, query: '', form: {}, audiences: [] }, [])).toMatchObject({
      status: 401,
      error_description: 'Invalid mutual TLS request. Client certificate is expired',
    });
  });

  it('refuse an assertion in the same millisecond as its "nbf"', () => {
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: 'client', sub: 'client', aud: 'bank', jti: '1', nbf: 1000, exp: 1060 };
    const form = {
      client_assertion: `${encoded({ alg: 'PS256' })}.${encoded(claims)}.c2ln`,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    };
    const connection = { certificate: {}, trusted: true } as Connection;
    const request = { connection, query: '', form, audiences: ['bank'] };
    const clients = [{ clientId: 'client' } as RegisteredClient];
    expect(refuse(request, clients, 1_000_001)).toBeUndefined();
    expect(refuse(request, clients, 1_000_000)).toMatchObject({
      status: 400,
      error_description: 'The token is used before the nbf claim value.',
    });
  });
});
