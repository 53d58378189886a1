import { customCredential } from '../support/bank/credential';
import { bankJwk, idToken, issuer, otherKey, type Forgery } from '../support/bank/idTokens';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import { tlsServer } from '../support/servers/closing';

ownUserFolder();

const ACCOUNTS = {
  Data: { Account: [{ AccountId: 'A-1', Currency: 'SAR', Limit: 1234567890123456 }] },
};

/** Account → Get Many at a bank that signs its answers (KSA Open Banking with FAPI 2). */
async function accounts(status: number, message: object, forgery: Forgery = {}) {
  const keys = [await bankJwk()];
  const seen: unknown[] = [];
  const server = await tlsServer({
    handle: (request, response) => {
      if (request.url === '/jwks') {
        response
          .writeHead(200, { 'Content-Type': 'application/json' })
          .end(JSON.stringify({ keys }));
        return;
      }
      seen.push(request.headers.accept);
      void idToken({ ...forgery, claims: { message, ...forgery.claims } }).then((jwt) =>
        response.writeHead(status, { 'Content-Type': 'application/jwt' }).end(jwt),
      );
    },
  });
  const credential = {
    ...(await customCredential(server.url)),
    ...{ accountApiUrl: `${server.url}/aisp`, regime: 'saudiArabiaFapi2', issuer },
  };
  const task = await runNode({
    ...{ type: 'openBanking', credential: credential },
    parameters: {
      ...{ resource: 'account', operation: 'getAll', authorizeWith: 'accessToken' },
      accessToken: 'at-1',
    },
  });
  return { task, seen };
}

it('reads accounts that the bank signed', async () => {
  const { task, seen } = await accounts(200, ACCOUNTS);
  if (task.error) throw task.error as Error;
  expect(outputOf(task).map(({ json }) => json)).toEqual([
    expect.objectContaining({ account_id: 'A-1', currency: 'SAR' }),
  ]);
  expect(seen).toEqual([expect.stringContaining('application/jwt')]);
});

it('refuses accounts that another key signed', async () => {
  const { task } = await accounts(200, ACCOUNTS, { key: otherKey });
  expect(String(task.error?.description)).toContain('jwt-signature');
});

it('refuses accounts that the bank signed for another client', async () => {
  const { task } = await accounts(200, ACCOUNTS, { claims: { aud: 'client-2' } });
  expect(task.error?.message).toContain('another "aud" than expected');
});

it('shows the words of a signed refusal', async () => {
  const Errors = [{ Code: 'KSAOB.Consent.Revoked', Message: 'The consent was revoked' }];
  const { task } = await accounts(403, { Errors });
  expect(task.error?.message).toContain('The consent was revoked');
});
