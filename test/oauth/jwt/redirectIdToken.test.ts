import { readAuthorizationResponse } from '../../../core/oauth/authorization/authorizationResponse';
import type { Endpoints } from '../../../core/profile/endpoints';
import { createProfile, type Profile } from '../../../core/profile/profile';
import { startAnsweringServer, type AnsweringServer } from '../../support/answeringServer';
import { customCredential } from '../../support/credential';
import { bankJwk, issuer, now, redirectIdToken } from '../../support/idTokens';
import { json } from '../../support/scriptedBank';

let server: AnsweringServer;
let profile: Profile;
beforeAll(async () => {
  server = await startAnsweringServer();
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  profile = await createProfile({ ...(await customCredential(server.url)), issuer });
});
afterAll(() => server?.close());

/** The code of a redirect whose ID token has these claims. */
async function codeWith(claims: object, expected = {}): Promise<string> {
  const { endpoints } = profile.bank as { endpoints: Endpoints };
  const answer = { code: 'c-1', state: 's-1' };
  const parameters = new URLSearchParams(answer);
  parameters.set('id_token', await redirectIdToken(answer, { claims: { ...claims } }));
  const redirect = `https://app.example/redirect#${parameters.toString()}`;
  return (await readAuthorizationResponse(redirect, profile, endpoints, expected)).code;
}

it.each([
  ['an issue of 59 minutes ago', { iat: now() - 59 * 60 }, {}],
  ['this client as authorized party', { azp: 'client-1' }, {}],
  ['a log-in as it was asked for', { acr: 'sca', auth_time: now() - 60 }, { maxAge: 300 }],
  ['nothing said of the log-in', {}, { maxAge: 300 }],
])('accepts %s', async (_, claims, expected) => {
  expect(await codeWith(claims, { acrValues: ['sca'], ...expected })).toBe('c-1');
});

it.each([
  // The library compares it: an update of it must not lose that.
  ['an issue of 61 minutes ago', 'id-token-time', { iat: now() - 61 * 60 }],
  ['another authorized party', 'id-token-audience', { azp: 'client-2' }],
  ['another way to log in', 'id-token-acr', { acr: 'password' }],
  ['a log-in of an hour ago', 'id-token-auth-time', { auth_time: now() - 3600 }],
  ['a log-in at no time', 'id-token-auth-time', { auth_time: 'today' }],
])('refuses %s: %s', async (_, code, claims) => {
  await expect(codeWith(claims, { acrValues: ['sca'], maxAge: 300 })).rejects.toMatchObject({
    code,
    outcome: 'not-sent',
  });
});
