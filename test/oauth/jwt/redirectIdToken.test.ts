import { createClient, type BankClient } from '../../../core/oauth/client';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { bankJwk, halfHash, issuer, now, redirectIdToken } from '../../support/bank/idTokens';
import { json } from '../../support/bank/scriptedBank';

let server: AnsweringServer;
let client: BankClient;
beforeAll(async () => {
  server = await startAnsweringServer();
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  client = await createClient({ ...(await customCredential(server.url)), issuer });
});
afterAll(() => server?.close());

/** Reads a redirect whose ID token has these claims, and returns its code. */
async function codeWith(claims: object, expected = {}): Promise<string> {
  const answer = { code: 'c-1', state: 's-1' };
  const parameters = new URLSearchParams(answer);
  parameters.set('id_token', await redirectIdToken(answer, { claims: { ...claims } }));
  const redirect = `https://app.example/redirect#${parameters.toString()}`;
  return (await client.readRedirect(redirect, expected)).code;
}

/** The same bytes in base64 with padding. */
const padded = (hash: string) => Buffer.from(hash, 'base64url').toString('base64');

describe('the ID token of a redirect', () => {
  it.each([
    ['an "iat" of 59 minutes ago', { iat: now() - 59 * 60 }, {}],
    ['this client as "azp"', { azp: 'client-1' }, {}],
    ['the log-in that was asked for', { acr: 'sca', auth_time: now() - 60 }, { maxAge: 300 }],
    ['no "acr" and no "auth_time"', {}, { maxAge: 300 }],
    [
      'hashes in base64 with padding',
      { c_hash: padded(halfHash('c-1')), s_hash: padded(halfHash('s-1')) },
      {},
    ],
  ])('is accepted with %s', async (_, claims, expected) => {
    expect(await codeWith(claims, { acrValues: ['sca'], ...expected })).toBe('c-1');
  });

  it.each([
    ['an "iat" of 61 minutes ago', 'jwt-time', { iat: now() - 61 * 60 }],
    ['an "iat" in the future', 'jwt-time', { iat: now() + 60 }],
    ['a missing "sub"', 'jwt-malformed', { sub: undefined }],
    ['a "sub" that is a number', 'jwt-malformed', { sub: 1 }],
    ['a missing "c_hash"', 'id-token-binding', { c_hash: undefined }],
    ['a "c_hash" of another code', 'id-token-binding', { c_hash: halfHash('other') }],
    ['a missing "s_hash"', 'id-token-binding', { s_hash: undefined }],
    ['a "s_hash" of another state', 'id-token-binding', { s_hash: halfHash('other') }],
    ['a missing "nonce"', 'id-token-binding', { nonce: undefined }],
    ['another client as "azp"', 'jwt-audience', { azp: 'client-2' }],
    ['another "acr" than was asked for', 'id-token-acr', { acr: 'password' }],
    ['an "auth_time" of an hour ago', 'id-token-auth-time', { auth_time: now() - 3600 }],
    ['an "auth_time" that is a text', 'id-token-auth-time', { auth_time: 'today' }],
  ])('is rejected for %s with the code %s and the name of the claim', async (_, code, claims) => {
    const [claim] = Object.keys(claims);
    await expect(codeWith(claims, { acrValues: ['sca'], maxAge: 300 })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`"${claim}"`),
      outcome: 'not-sent',
    });
  });

  it('is rejected if it has the hash of a state that the redirect does not have', async () => {
    const idToken = await redirectIdToken({ code: 'c-1', state: 's-1' });
    const redirect = `https://app.example/redirect#code=c-1&id_token=${idToken}`;
    await expect(client.readRedirect(redirect)).rejects.toMatchObject({
      code: 'id-token-binding',
      message: expect.stringContaining('s_hash'),
    });
  });

  it('is accepted without the hash of a state if the redirect has no state', async () => {
    const answer = { code: 'c-1', state: 's-1' };
    const idToken = await redirectIdToken(answer, { claims: { s_hash: undefined } });
    const redirect = `https://app.example/redirect#code=c-1&id_token=${idToken}`;
    expect((await client.readRedirect(redirect)).code).toBe('c-1');
  });
});
