import { createClient } from '../../core/oauth/client';
import { customCredential } from '../support/bank/credential';
import { tlsServer } from '../support/servers/closing';

/** A bank that gives another token for each request. */
async function bank() {
  let count = 0;
  const server = await tlsServer({
    handle: (_, response) =>
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(
          JSON.stringify({ access_token: `at-${++count}`, token_type: 'Bearer', expires_in: 300 }),
        ),
  });
  const client = await createClient({ ...(await customCredential(server.url)), scope: 'openid a' });
  const scopes = () => server.requests.map(({ body }) => new URLSearchParams(body).get('scope'));
  return { client, scopes };
}

it('remembers a token of the application for each scope', async () => {
  const { client, scopes } = await bank();
  expect(await client.applicationAuthorization()).toBe('Bearer at-1');
  expect(await client.applicationAuthorization('accounts')).toBe('Bearer at-2');
  expect(await client.applicationAuthorization(' accounts ')).toBe('Bearer at-2');
  expect(await client.applicationAuthorization('')).toBe('Bearer at-1');
  expect(scopes()).toEqual(['openid a', 'accounts']);
});

it('gets one other token for all callers whose token the bank refused', async () => {
  const { client, scopes } = await bank();
  const refused = await client.applicationAuthorization();
  const renewed = () => client.renewedApplicationAuthorization(refused);
  expect(await Promise.all([renewed(), renewed(), renewed()])).toEqual(
    Array(3).fill('Bearer at-2'),
  );
  // A request that was refused later, with the same former token.
  expect(await renewed()).toBe('Bearer at-2');
  expect(await client.applicationAuthorization()).toBe('Bearer at-2');
  expect(scopes()).toHaveLength(2);
});
