import { redirectErrors } from '../../core/errors/rows/redirectErrors';
import type { RedirectRequest } from '../../nodes/OpenBankingRedirectTrigger/incoming';
import {
  receiveRedirect,
  type Receiver,
} from '../../nodes/OpenBankingRedirectTrigger/receiveRedirect';
import { createClient } from '../../core/oauth/client';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import { failureOf } from '../support/failure';
import { AuthorizationsInMemory, got, posted, receiverOf } from '../support/n8n/redirects';
import { encryptedFor } from '../support/bank/idTokens';
import { json } from '../support/bank/scriptedBank';
import { privateKeyOf } from '../support/keys/certificates';
import { provokeEach, type Failure, type Provocations } from './provocation';

const authorizations = new AuthorizationsInMemory();

/** The failure of a request. The page for the customer names the code. */
const receiving = (request: RedirectRequest, changes?: Partial<Receiver>) => async () => {
  authorizations.add('s-1');
  authorizations.add('s-2', { responseType: 'code id_token' });
  const { page, failure, ...items } = await receiveRedirect(
    request,
    receiverOf(authorizations, changes),
  );
  expect(items).toEqual({});
  expect(page.status).toBeGreaterThanOrEqual(400);
  expect(page.body).toContain(`<code>${(failure as Failure).code}</code>`);
  return failure as Failure;
};

let server: AnsweringServer;
beforeAll(async () => {
  server = await startAnsweringServer();
});
afterAll(() => server.close());

/** Sends more encrypted redirects at once than may wait. */
async function manyEncrypted(): Promise<Failure> {
  const client = await createClient(await customCredential(server.url));
  const response = await encryptedFor(privateKeyOf('rsa'), 'e30.e30.x');
  const located = Array.from({ length: 22 }, () =>
    client.locateRedirect(new URLSearchParams({ response })),
  );
  await Promise.allSettled(located);
  return failureOf(located.at(-1)!);
}

/** Exchanges a code twice, for two authorization requests. */
async function exchangedTwice(): Promise<Failure> {
  server.answers = { '/token': json(200, { access_token: 'at-1', token_type: 'Bearer' }) };
  const client = await createClient({
    ...(await customCredential(server.url)),
    scope: 'accounts',
  });
  const exchange = (state: string) =>
    client.exchange({ code: 'c-1', redirectUri: 'https://app.example/', state });
  await exchange('s-1');
  return failureOf(exchange('s-2'));
}

const provocations: Provocations<typeof redirectErrors> = {
  'redirect-state-unknown': receiving(got('code=1&state=s-3')),
  'code-of-another-request': exchangedTwice,
  'redirect-malformed': {
    'no state': receiving(got('code=1')),
    'two codes': receiving(got('code=1&state=s-1&code=2')),
    'a response that is no JWT': receiving(got('response=a.b.c')),
  },
  'redirect-too-large': receiving(posted(`state=${'x'.repeat(1024 * 1024)}`)),
  'redirect-busy': manyEncrypted,
  'redirect-incomplete': receiving(got('code=1&state=s-2')),
  'redirect-elsewhere': receiving(got('code=1&state=s-1'), { path: '/webhook/other' }),
};
provokeEach<typeof redirectErrors>(provocations);
