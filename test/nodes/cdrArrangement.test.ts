import type { INodeParameters } from 'n8n-workflow';
import { customCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import { tlsServer } from '../support/servers/closing';

ownUserFolder();

const ARRANGEMENT = '02e7c9d9-cfe7-4c3e-8f64-e91173c84ecb';

/** A data holder of Australia. @param endStatus of its answer to the end of an arrangement; it has no such endpoint if `undefined` */
async function dataHolder(endStatus: number | undefined, regime = 'australia') {
  let origin = '';
  const server = await tlsServer({
    handle: (request, response) => {
      const answers: Record<string, [number, object]> = {
        '/.well-known/openid-configuration': [200, metadata()],
        '/token': [
          200,
          {
            ...{ access_token: 'at-1', refresh_token: 'rt-1', token_type: 'Bearer' },
            ...{ expires_in: 300, cdr_arrangement_id: ARRANGEMENT },
          },
        ],
        '/arrangements/revoke': [endStatus ?? 404, {}],
        '/revoke': [200, {}],
      };
      const [status, body] = answers[request.url] ?? [404, {}];
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    },
  });
  origin = server.url;
  const metadata = () => ({
    issuer: origin,
    token_endpoint: `${origin}/token`,
    revocation_endpoint: `${origin}/revoke`,
    ...(endStatus !== undefined && {
      cdr_arrangement_revocation_endpoint: `${origin}/arrangements/revoke`,
    }),
  });
  const credential = {
    ...(await customCredential(origin)),
    ...{ bank: 'discovery', accountApiUrl: `${origin}/cds-au/v1`, regime },
  };
  const run = (type: string, parameters: INodeParameters) =>
    runNode({ type, credential, parameters });
  await run('openBankingToken', {
    ...{ resource: 'token', operation: 'refresh', refreshToken: 'rt-0' },
    options: { keepForConsent: 'household' },
  });
  const end = () =>
    run('openBanking', {
      ...{ resource: 'consent', operation: 'delete', consentBy: 'name' },
      consent: { __rl: true, mode: 'id', value: 'household' },
    });
  const ended = () =>
    server.requests
      .filter(({ url }) => url.endsWith('/revoke'))
      .map(({ url, body }) => [url, new URLSearchParams(body).get('cdr_arrangement_id')]);
  return { end, ended };
}

it('ends the arrangement at the bank, which ends its tokens', async () => {
  const { end, ended } = await dataHolder(204);
  const task = await end();
  expect(task.error).toBeUndefined();
  expect(outputOf(task)[0]!.json).toMatchObject({ deleted: true, consent: 'household' });
  expect(ended()).toEqual([['/arrangements/revoke', ARRANGEMENT]]);
});

it('says that an arrangement had ended before, and revokes its tokens, which may still be good', async () => {
  const { end, ended } = await dataHolder(422);
  const task = await end();
  expect(ended().map(([url]) => url)).toEqual(['/arrangements/revoke', '/revoke', '/revoke']);
  expect(outputOf(task)[0]!.json).toMatchObject({ deleted: true });
  expect(JSON.stringify(task.hints)).toContain('had ended before');
});

it('keeps the tokens if the bank refuses, so that the node can run again', async () => {
  const { end } = await dataHolder(400);
  expect(String((await end()).error?.description)).toContain('still stored: run the node again');
  // They are found again.
  expect((await end()).error?.message).not.toContain('unknown');
});

it('revokes the tokens if the bank has no such endpoint, and says so', async () => {
  const { end, ended } = await dataHolder(undefined);
  const task = await end();
  expect(outputOf(task)[0]!.json).toMatchObject({ deleted: true });
  expect(ended().map(([url]) => url)).toEqual(['/revoke', '/revoke']);
  expect(JSON.stringify(task.hints)).toContain('could not be ended at the bank');
});

it('ends tokens alone with another regime that creates no consents', async () => {
  const { end, ended } = await dataHolder(204, 'fapi2');
  const task = await end();
  expect(outputOf(task)[0]!.json).toMatchObject({ deleted: true });
  expect(ended().map(([url]) => url)).toEqual(['/revoke', '/revoke']);
  expect(task.hints ?? []).toEqual([]);
});
