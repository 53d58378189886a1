import { createClient, type BankClient } from '../../../core/oauth/client';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { later, MINUTE } from '../../support/clock';
import { failureOf } from '../../support/failure';
import { json } from '../../support/bank/scriptedBank';

let server: AnsweringServer;
let client: BankClient;
let count = 0;

beforeAll(async () => (server = await startAnsweringServer()));
afterAll(() => server?.close());
beforeEach(async () => {
  client = await createClient(await customCredential(server.url));
  count = 0;
});

/** The bank grants at-1, at-2, … */
function grants(lifetime: { expires_in?: number }): void {
  server.answers['/token'] = (...given) =>
    json(200, { access_token: `at-${++count}`, token_type: 'Bearer', ...lifetime })(...given);
}

describe('BankClient.applicationAuthorization', () => {
  it('uses a token for five minutes, even if the token lives longer', async () => {
    grants({ expires_in: 3600 });
    expect(await client.applicationAuthorization()).toBe('Bearer at-1');
    later(4.9 * MINUTE);
    expect(await client.applicationAuthorization()).toBe('Bearer at-1');
    later(0.2 * MINUTE);
    expect(await client.applicationAuthorization()).toBe('Bearer at-2');
  });

  it('uses a token until half a minute before it expires', async () => {
    grants({ expires_in: 60 });
    expect(await client.applicationAuthorization()).toBe('Bearer at-1');
    later(25_000);
    expect(await client.applicationAuthorization()).toBe('Bearer at-1');
    later(10_000);
    expect(await client.applicationAuthorization()).toBe('Bearer at-2');
  });

  it('requests one token for callers at the same time, and another one for the next caller if the lifetime is unknown', async () => {
    grants({});
    const all = await Promise.all([1, 2, 3].map(() => client.applicationAuthorization()));
    expect(all).toEqual(['Bearer at-1', 'Bearer at-1', 'Bearer at-1']);
    expect(await client.applicationAuthorization()).toBe('Bearer at-2');
  });

  it('does not remember a failure', async () => {
    server.answers['/token'] = json(400, { error: 'invalid_scope' });
    expect(await failureOf(client.applicationAuthorization())).toMatchObject({
      code: 'invalid-scope',
    });
    grants({ expires_in: 3600 });
    expect(await client.applicationAuthorization()).toBe('Bearer at-1');
  });
});
