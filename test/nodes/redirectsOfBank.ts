import { createClient, type BankClient } from '../../core/oauth/client';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import type {
  PendingAuthorization,
  PendingAuthorizations,
} from '../../core/tokens/pendingAuthorizations';
import type { RedirectRequest } from '../../nodes/OpenBankingRedirectTrigger/incoming';
import { receiveRedirect } from '../../nodes/OpenBankingRedirectTrigger/receiveRedirect';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import { bankJwk, issuer, redirectIdToken, type Forgery } from '../support/bank/idTokens';
import { json } from '../support/bank/scriptedBank';
import { postedAddress, receiverOf, redirectUri } from '../support/n8n/redirects';
import { ownUserFolder } from '../support/n8n/userFolder';

/** The differences of an authorization request of the code flow, and of one with a response JWT (JARM). */
export const plain = { responseType: 'code', nonce: undefined, consentId: undefined };
export const jarm = { ...plain, responseMode: 'jwt' };

/** Parameters as the text of a query or fragment. */
export const text = (parameters: Record<string, string>) =>
  new URLSearchParams(parameters).toString();

/** The fragment of an answer with a code and its ID token. */
export async function signedWith(
  state: string,
  { claims = {}, ...forgery }: Forgery = {},
  parameters: Record<string, string> = {},
): Promise<string> {
  const idToken = await redirectIdToken(
    { code: 'c-1', state },
    { ...forgery, claims: { openbanking_intent_id: 'household', ...claims } },
  );
  return text({ code: 'c-1', state, id_token: idToken, ...parameters });
}

/** Opens a bank for the tests of a file, and a redirect trigger that waits for its answers. */
export function redirectsOfBank() {
  let server: AnsweringServer;
  let client: BankClient;
  let authorizations: PendingAuthorizations;
  let states = 0;

  ownUserFolder();
  beforeAll(async () => {
    server = await startAnsweringServer();
    client = await newClient();
    authorizations = openPendingAuthorizations(client, {});
  });
  beforeEach(async () => {
    server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  });
  afterAll(() => server?.close());

  /** A client that has no keys of the bank in memory. */
  const newClient = async () => createClient({ ...(await customCredential(server.url)), issuer });

  /** Stores an authorization request. @returns its state */
  async function asked(changes: Partial<PendingAuthorization> = {}): Promise<string> {
    const state = `state-${++states}`;
    const hybrid = { nonce: 'n-1', consentId: 'household', responseType: 'code id_token' };
    await authorizations.keep({ state, redirectUri, ...hybrid, ...changes });
    return state;
  }

  /** The trigger receives the request of a browser. */
  const receiveRequest = (request: RedirectRequest, of = client) =>
    receiveRedirect(
      request,
      receiverOf(authorizations, {
        open: () => Promise.resolve({ pending: authorizations, client: of }),
      }),
    );

  /** The trigger receives a fragment. */
  const receive = (fragment: string, of?: BankClient) =>
    receiveRequest(postedAddress(`#${fragment}`), of);

  /** Expects that an answer is refused with a page, and that it began nothing. */
  async function expectRefused(fragment: string, code: string): Promise<void> {
    const { page, failure, ...items } = await receive(fragment);
    expect(failure).toMatchObject({ code });
    expect(items).toEqual({});
    expect(page.status).toBe(400);
    expect(page.body).toContain(`<code>${code}</code>`);
  }

  const expectAccepted = async (fragment: string) =>
    expect(await receive(fragment)).toMatchObject({
      authorized: { redirect: `${redirectUri}#${fragment}` },
    });

  return {
    get server() {
      return server;
    },
    ...{ newClient, asked, receive, receiveRequest, expectRefused, expectAccepted },
  };
}
