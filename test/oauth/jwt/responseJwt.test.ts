import { createClient, type BankClient } from '../../../core/oauth/client';
import { responseJwtParameters } from '../../../core/oauth/jwt/responseJwt';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { bankJwk, issuer, now, responseJwt } from '../../support/bank/idTokens';
import { json } from '../../support/bank/scriptedBank';

let server: AnsweringServer;
let client: BankClient;
beforeAll(async () => {
  server = await startAnsweringServer();
  server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  client = await createClient({ ...(await customCredential(server.url)), issuer });
});
afterAll(() => server?.close());

/** The parameters of a response JWT with a code, a state, and these claims. */
async function parametersWith(claims: object): Promise<Record<string, string>> {
  const response = await responseJwt({ code: 'c-1', state: 's-1' }, { claims: { ...claims } });
  return Object.fromEntries(
    await responseJwtParameters(response, client, await client.endpoints()),
  );
}

describe('responseJwtParameters', () => {
  it('returns the claims that are texts, except the audience', async () => {
    expect(await parametersWith({ error_description: 'no', number: 1, list: ['a'] })).toEqual({
      ...{ code: 'c-1', state: 's-1', iss: issuer, error_description: 'no' },
    });
  });

  it('accepts a list of audiences with this client in it, and needs no "azp"', async () => {
    expect(await parametersWith({ aud: ['client-1', 'other'] })).toMatchObject({ code: 'c-1' });
  });

  it.each(['response', 'id_token', 'token'])(
    'rejects a response JWT with the parameter "%s"',
    async (name) => {
      await expect(parametersWith({ [name]: 'e.y.J' })).rejects.toMatchObject({
        code: 'jwt-malformed',
        message: expect.stringContaining(`"${name}"`),
        outcome: 'not-sent',
      });
    },
  );

  it.each([
    ['an "nbf" in the future', 'jwt-time', { nbf: now() + 60 }],
    ['an "exp" that is a text', 'jwt-malformed', { exp: 'tomorrow' }],
    ['an "iat" that is a text', 'jwt-malformed', { iat: 'today' }],
  ])('rejects %s with %s, and names the claim', async (_, code, claims) => {
    const [claim] = Object.keys(claims);
    await expect(parametersWith(claims)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`"${claim}"`),
    });
  });
});
