import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import {
  certificateAuthority,
  clientCertificate,
  privateKeyOf,
} from '../support/keys/certificates';
import { accessToken, bankJwk, idToken, issuer, type Forgery } from '../support/bank/idTokens';
import { clientOf } from '../../core/oauth/client';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import type { PendingAuthorization } from '../../core/tokens/pendingAuthorizations';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import {
  answerJson,
  startTlsServer,
  type SeenRequest,
  type TlsServer,
} from '../support/servers/tlsServer';
import { CONSENT, forClient, forgedRedirect, STATE, type ForgedRedirect } from './forgedRedirect';
import { sendGet } from './sendGet';

const NONCE = 'n-1';

/** Counts clients and refresh tokens of all banks of a file, so that none has those of an earlier one. */
let count = 0;

/** The differences between a bank and a good one. */
export interface Behaviour extends ForgedRedirect {
  /** Changes to the ID token of the token endpoint. */
  idToken?: Forgery;
  /** Parameters that replace those of the token response. */
  tokenResponse?: object;
  /** Keys that the bank publishes in place of its own. */
  keys?: object[];
  /** A request that "Create Authorization URL" stored, in place of options of the node. An expression then gives the redirect. */
  pending?: Partial<PendingAuthorization>;
  /** Fields that replace those of the credential. */
  credential?: IDataObject;
  /** Options of the node. */
  options?: INodeParameters;
  /** Whether a person pastes the address into a field in expression mode, as in a new node: n8n then adds "=" before it. */
  isPastedAsExpression?: boolean;
}

/** The result of an exchange. */
export interface Exchanged {
  /** The output of the node. */
  item: IDataObject;
  /** Code of the error. */
  code?: string;
  message?: string;
  /** Warnings of the node. */
  hints: string;
  /** Number of codes and refresh tokens, and number of access tokens, that reached the bank. */
  used: { grants: number; accessTokens: number };
}

/** A bank over mutual TLS. It misbehaves as a test needs it, and counts the codes and tokens that reach it. */
export class MisbehavingBank {
  private behaviour: Behaviour = {};
  private clientId = 'client-1';
  private keysAsked = 0;
  /** The redirect of the last exchange of a pending request. */
  lastRedirect = '';
  private credential!: IDataObject;
  private server!: TlsServer;

  async open(): Promise<void> {
    this.server = await startTlsServer({
      handle: (request, response) => {
        void this.answer(request).then((body) =>
          body === undefined
            ? answerJson(request, response)
            : response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body)),
        );
      },
    });
    const { url } = this.server;
    const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
    this.credential = {
      bank: 'custom',
      issuer,
      tokenEndpoint: `${url}/token`,
      jwksUri: `${url}/jwks`,
      transportCertificate: certificate,
      transportPrivateKey: privateKey,
      certificateAuthorities: (await certificateAuthority()).certificate,
      redirectUri: 'https://app.example/redirect',
      scope: 'openid accounts',
      requestTimeout: 5,
    };
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  /** Address of the bank. */
  get url(): string {
    return this.server.url;
  }

  /** The credential of the present client. */
  get settings(): IDataObject {
    return { ...this.credential, clientId: this.clientId, ...this.behaviour.credential };
  }

  /** The parameters of the last token request. */
  get tokenRequest(): Record<string, string> {
    const { body } = this.server.requests.findLast(({ url }) => url === '/token')!;
    return Object.fromEntries(new URLSearchParams(body));
  }

  /** Number of times that the keys were fetched since the last exchange began. */
  get keyRequests(): number {
    return this.keysAsked;
  }

  /** Changes the behaviour for the same client. */
  behave(behaviour: Behaviour): void {
    this.behaviour = behaviour;
  }

  /** Begins with a new client, which has neither keys nor metadata in memory, and no pending request. */
  begin(behaviour: Behaviour): void {
    this.behave(behaviour);
    this.clientId = `client-${++count}`;
  }

  /** Lets the node exchange the code of a redirect. If the node returns `authorization`, calls the bank with it. */
  async exchange(behaviour: Behaviour = {}, { isKnownClient = false } = {}): Promise<Exchanged> {
    if (isKnownClient) this.behave(behaviour);
    else this.begin(behaviour);
    this.keysAsked = 0;
    if (behaviour.pending) {
      await this.storePending(behaviour.pending);
      return this.exchangePending(await this.redirect());
    }
    const all = { nonce: NONCE, state: STATE, consentId: CONSENT, ...behaviour.options };
    // An empty option is one that was not added: the node refuses options that are added and empty.
    const options = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
    const code = `${behaviour.isPastedAsExpression ? '=' : ''}${await this.redirect()}`;
    return this.run({ operation: 'exchange', code, options });
  }

  /** Lets the node exchange a redirect of the trigger, for which a request is pending. */
  exchangePending(redirect: string): Promise<Exchanged> {
    this.lastRedirect = redirect;
    const { options = {} } = this.behaviour;
    return this.run(
      { operation: 'exchange', code: '={{ $json.redirect }}', options },
      { redirect },
    );
  }

  /** Stores a request like "Create Authorization URL" does. */
  async storePending(changes: Partial<PendingAuthorization>): Promise<void> {
    const credential = { ...this.credential, clientId: this.clientId };
    const authorizations = openPendingAuthorizations(await clientOf(credential), {});
    await authorizations.keep({
      ...{ state: STATE, nonce: NONCE, consentId: CONSENT, codeVerifier: 'verifier-1' },
      redirectUri: 'https://app.example/redirect',
      responseType: 'code id_token',
      ...changes,
    });
  }

  /** Lets the node refresh the tokens of an exchange, and compare the new ID token with the first one. */
  async refresh({ item }: Exchanged, behaviour: Behaviour = {}): Promise<Exchanged> {
    this.behaviour = behaviour;
    const { refresh_token: refreshToken, id_token: originalIdToken } = item;
    return this.run({
      operation: 'refresh',
      refreshToken: refreshToken as string,
      options: { originalIdToken: originalIdToken as string },
    });
  }

  /** Lets the node get the stored token of a consent. */
  stored(consent: string, options: INodeParameters = {}): Promise<Exchanged> {
    return this.run({ operation: 'valid', consent, options });
  }

  /** The behaviour of a bank whose metadata promises `iss` in redirects (RFC 9207), and that sends this one. */
  redirectWith(iss: string | undefined): Behaviour {
    return {
      redirect: 'code',
      parameters: { iss },
      credential: { bank: 'discovery', issuer: this.url },
      idToken: { claims: { iss: this.url } },
    };
  }

  /** Runs an exchange, and expects that code and access token are each used once. */
  async accepts(behaviour: Behaviour = {}): Promise<Exchanged> {
    const exchanged = await this.exchange(behaviour);
    expect(exchanged.item).toMatchObject({ access_token: accessToken });
    expect(exchanged).toMatchObject({ code: undefined, used: { grants: 1, accessTokens: 1 } });
    return exchanged;
  }

  /**
   * Runs an exchange, and expects an error before the authorization code is used.
   *
   * @param words words of the message, such as the name of the wrong claim in quotes
   */
  async refusesBeforeTheCode(behaviour: Behaviour, code: string, words = ''): Promise<void> {
    const exchanged = await this.exchange(behaviour);
    expect(exchanged).toMatchObject({
      code,
      message: expect.stringContaining(words),
      used: { grants: 0, accessTokens: 0 },
    });
  }

  /** Runs an exchange, and expects that the node puts the tokens out on its error output, without `authorization`. */
  async refusesBeforeTheAccessToken(behaviour: Behaviour, code: string, words = ''): Promise<void> {
    const exchanged = await this.exchange(behaviour);
    expect(exchanged).toMatchObject({
      code,
      message: expect.stringContaining(words),
      item: { access_token: accessToken, refresh_token: expect.any(String) as string },
      used: { grants: 1, accessTokens: 0 },
    });
  }

  private async run(parameters: INodeParameters, item: IDataObject = {}): Promise<Exchanged> {
    const before = this.server.requests.length;
    const { credential } = this;
    const task = await runNode({
      credential: this.settings,
      parameters: { resource: 'token', ...parameters },
      items: [item],
      onError: 'continueErrorOutput',
    });
    const [{ json: output }] = [...outputOf(task), ...outputOf(task, 1)] as [INodeExecutionData];
    if (typeof output.authorization === 'string') {
      await sendGet(`${this.url}/accounts`, credential, output.authorization);
    }
    const seen = this.server.requests.slice(before);
    const failure = output.error as { code: string; message: string } | undefined;
    return {
      item: output,
      code: failure?.code,
      message: failure?.message,
      hints: (task.hints ?? []).map(({ message }) => message).join(' '),
      used: {
        grants: seen.filter(({ url }) => url === '/token').length,
        accessTokens: seen.filter(({ headers }) => headers.authorization).length,
      },
    };
  }

  /** The address that the customer's browser comes back to, with another code each time. */
  redirect(): Promise<string> {
    const code = `code-${count}-${Math.random()}`;
    return forgedRedirect(code, this.clientId, this.behaviour);
  }

  /** The JSON of an answer; `undefined` if the default answer is enough. */
  private async answer({ url }: SeenRequest): Promise<unknown> {
    switch (url) {
      case '/jwks':
        this.keysAsked++;
        return { keys: this.behaviour.keys ?? [await bankJwk()] };
      case '/.well-known/openid-configuration':
        return {
          issuer: this.url,
          token_endpoint: `${this.url}/token`,
          jwks_uri: `${this.url}/jwks`,
          authorization_response_iss_parameter_supported: true,
        };
      case '/token': {
        const forgery = forClient(this.clientId, this.behaviour.idToken);
        return {
          access_token: accessToken,
          token_type: 'Bearer',
          expires_in: 300,
          refresh_token: `rt-${++count}`,
          scope: 'openid accounts',
          id_token: await idToken(forgery),
          ...this.behaviour.tokenResponse,
        };
      }
      default:
        return undefined;
    }
  }
}

/** The key that the client signs and decrypts with. */
export const clientKey = privateKeyOf('rsa');

/** Opens a bank before the tests of a file, and closes it after them. */
export function misbehavingBank(): MisbehavingBank {
  const bank = new MisbehavingBank();
  beforeAll(() => bank.open());
  afterAll(() => bank.close());
  return bank;
}
