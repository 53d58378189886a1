import type { IDataObject } from 'n8n-workflow';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { json, type Answer } from '../../support/bank/scriptedBank';
import { outputOf, runNode } from '../../support/n8n/nodeExecution';

let server: AnsweringServer;
let credential: IDataObject;
beforeAll(async () => {
  server = await startAnsweringServer();
  credential = {
    ...(await customCredential(server.url)),
    authorizationEndpoint: `${server.url}/authorize`,
    pushedAuthorizationRequestEndpoint: `${server.url}/par`,
    scope: 'openid accounts',
  };
});
afterAll(() => server?.close());
beforeEach(() => {
  server.requests.length = 0;
});

/** Lets the node create an authorization URL, if the bank answers a pushed request like this. */
async function pushed(answer: Answer): Promise<IDataObject> {
  server.answers['/par'] = answer;
  const task = await runNode({
    credential,
    parameters: {
      ...{ resource: 'authorization', operation: 'createUrl', consentId: 'consent-1' },
      sendRequestAs: 'pushedRequestObject',
    },
    onError: 'continueErrorOutput',
  });
  const [{ json: item }] = [...outputOf(task), ...outputOf(task, 1)] as [{ json: IDataObject }];
  return item;
}

it('creates an address if the bank accepts the assertion', async () => {
  const accepted = json(201, { request_uri: 'urn:example:1', expires_in: 60 });
  expect(await pushed(accepted)).toMatchObject({ url: expect.stringContaining('request_uri=') });
});

it.each<[string, Answer]>([
  ['401 invalid_client', json(401, { error: 'invalid_client' })],
  ['400 invalid_client', json(400, { error: 'invalid_client' })],
  [
    '401 invalid_client about the audience',
    json(401, { error: 'invalid_client', error_description: 'Invalid token audience' }),
  ],
])('creates no address and sends nothing more if the bank answers %s', async (_, answer) => {
  const item = await pushed(answer);
  expect(item).not.toHaveProperty('url');
  expect(item).toMatchObject({ error: { stage: 'authorization-server' } });
  expect(server.requests.map(({ url }) => url)).toEqual(['/par']);
  expect(JSON.stringify(item)).not.toContain(
    new URLSearchParams(server.requests[0]!.body).get('client_assertion'),
  );
});
