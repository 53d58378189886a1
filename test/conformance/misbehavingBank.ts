import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { certificateAuthority, clientCertificate, privateKeyOf } from '../support/certificates';
import { accessToken, bankJwk, idToken, issuer, type Forgery } from '../support/idTokens';
import { profileOf } from '../../core/profile/profile';
import { pendingAuthorizationsOf } from '../../core/tokens/consentTokensOf';
import type { PendingAuthorization } from '../../core/tokens/pendingAuthorizations';
import { outputOf, runNode } from '../support/nodeExecution';
import { answerJson, startTlsServer, type SeenRequest, type TlsServer } from '../support/tlsServer';
import { CONSENT, forClient, forgedRedirect, STATE, type ForgedRedirect } from './forgedRedirect';
import { sendGet } from './sendGet';

const NONCE = 'n-1';

/** In what a bank differs from a good one. */
export interface Behaviour extends ForgedRedirect {
  /** Done to the ID token of the token endpoint. */
  idToken?: Forgery;
  /** In place of the parameters of the token response. */
  tokenResponse?: object;
  /** In place of the published keys. */
  keys?: object[];
  /** What "Create Authorization URL" kept, in place of options of the node; the redirect comes from an expression. */
  pending?: Partial<PendingAuthorization>;
  /** How the bank is told in the credential, and how the node is set. */
  credential?: IDataObject;
  options?: INodeParameters;
  /** Whether a person pastes the address into the field in expression mode, as a new node opens it: n8n puts "=" in front. */
  isPastedAsExpression?: boolean;
}

/** What came of an exchange. */
export interface Exchanged {
  /** What the node put out. */
  item: IDataObject;
  /** Of the error or the failed check. */
  code?: string;
  /** Authorization codes, or refresh tokens, and access tokens that reached the bank. */
  used: { grants: number; accessTokens: number };
}

/** A bank over mutual TLS that behaves as it is told, and counts what is used. */
export class MisbehavingBank {
  private behaviour: Behaviour = {};
  private clientId = 'client-1';
  private count = 0;
  private keysAsked = 0;
  /** What the last exchange was given. */
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

  /** Its address. */
  get url(): string {
    return this.server.url;
  }

  /** The parameters of the last token request. */
  get tokenRequest(): Record<string, string> {
    const { body } = this.server.requests.findLast(({ url }) => url === '/token')!;
    return Object.fromEntries(new URLSearchParams(body));
  }

  /** How often its keys were asked for since the last run began. */
  get keyRequests(): number {
    return this.keysAsked;
  }

  /** Goes on in another way, with the same client. */
  behave(behaviour: Behaviour): void {
    this.behaviour = behaviour;
  }

  /** The customer's redirect, exchanged by the node; then `authorization` is used where the node put it out. */
  async exchange(behaviour: Behaviour = {}, { isKnownClient = false } = {}): Promise<Exchanged> {
    this.behaviour = behaviour;
    this.keysAsked = 0;
    // Of a client of its own nothing is known yet, neither keys nor metadata.
    if (!isKnownClient) this.clientId = `client-${++this.count}`;
    if (behaviour.pending) {
      await this.keepPending(behaviour.pending);
      return this.exchangePending(await this.redirect());
    }
    const options = { nonce: NONCE, state: STATE, consentId: CONSENT, ...behaviour.options };
    const code = `${behaviour.isPastedAsExpression ? '=' : ''}${await this.redirect()}`;
    return this.run({ operation: 'exchange', code, options });
  }

  /** A redirect, as the trigger puts it out, exchanged with what is pending for its state. */
  exchangePending(redirect: string): Promise<Exchanged> {
    this.lastRedirect = redirect;
    const { options = {} } = this.behaviour;
    return this.run(
      { operation: 'exchange', code: '={{ $json.redirect }}', options },
      { redirect },
    );
  }

  /** What "Create Authorization URL" keeps of the request that this bank answers. */
  private async keepPending(changes: Partial<PendingAuthorization>): Promise<void> {
    const credential = { ...this.credential, clientId: this.clientId };
    const authorizations = await pendingAuthorizationsOf(await profileOf(credential), {});
    await authorizations.keep({
      ...{ state: STATE, nonce: NONCE, consentId: CONSENT, codeVerifier: 'verifier-1' },
      redirectUri: 'https://app.example/redirect',
      responseType: 'code id_token',
      ...changes,
    });
  }

  /** Tokens refreshed by the node, with the ID token of the exchange before. */
  async refresh({ item }: Exchanged, behaviour: Behaviour = {}): Promise<Exchanged> {
    this.behaviour = behaviour;
    const { refresh_token: refreshToken, id_token: originalIdToken } = item;
    return this.run({
      operation: 'refresh',
      refreshToken: refreshToken as string,
      options: { originalIdToken: originalIdToken as string },
    });
  }

  /** A code with this `iss` beside it, which the metadata of the bank promises (RFC 9207). */
  redirectWith(iss: string | undefined): Behaviour {
    return {
      redirect: 'code',
      parameters: { iss },
      credential: { bank: 'discovery', issuer: this.url },
      idToken: { claims: { iss: this.url } },
    };
  }

  /** Runs the node: everything went well, code and access token were used once. */
  async accepts(behaviour: Behaviour = {}): Promise<Exchanged> {
    const exchanged = await this.exchange(behaviour);
    expect(exchanged.item).toMatchObject({ access_token: accessToken });
    expect(exchanged).toMatchObject({ code: undefined, used: { grants: 1, accessTokens: 1 } });
    return exchanged;
  }

  /** Runs the node: it refuses before the authorization code is used. */
  async refusesBeforeTheCode(behaviour: Behaviour, code: string): Promise<void> {
    const exchanged = await this.exchange(behaviour);
    expect(exchanged).toMatchObject({ code, used: { grants: 0, accessTokens: 0 } });
  }

  /** Runs the node: it keeps the tokens, and withholds what uses the access token. */
  async refusesBeforeTheAccessToken(behaviour: Behaviour, code: string): Promise<void> {
    const exchanged = await this.exchange(behaviour);
    expect(exchanged).toMatchObject({
      code,
      item: { access_token: accessToken, refresh_token: expect.any(String) as string },
      used: { grants: 1, accessTokens: 0 },
    });
  }

  private async run(parameters: INodeParameters, item: IDataObject = {}): Promise<Exchanged> {
    const before = this.server.requests.length;
    const { clientId, credential } = this;
    const task = await runNode({
      credential: { ...credential, clientId, ...this.behaviour.credential },
      parameters: { resource: 'token', ...parameters },
      items: [item],
      onError: 'continueRegularOutput',
    });
    const output = outputOf(task)[0]!.json;
    if (typeof output.authorization === 'string') {
      await sendGet(`${this.url}/accounts`, credential, output.authorization);
    }
    const seen = this.server.requests.slice(before);
    const failure = (output.error ?? output.failed_check) as { code: string } | undefined;
    return {
      item: output,
      code: failure?.code,
      used: {
        grants: seen.filter(({ url }) => url === '/token').length,
        accessTokens: seen.filter(({ headers }) => headers.authorization).length,
      },
    };
  }

  /** What the customer's browser comes back with: another code each time. */
  redirect(): Promise<string> {
    const code = `code-${this.count}-${Math.random()}`;
    return forgedRedirect(code, this.clientId, this.behaviour);
  }

  /** What is answered as JSON; nothing for what needs no answer of its own. */
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
          refresh_token: `rt-${++this.count}`,
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

/** The key that the client signs with, and decrypts with. */
export const clientKey = privateKeyOf('rsa');

/** Opens a bank for the tests of a file. */
export function misbehavingBank(): MisbehavingBank {
  const bank = new MisbehavingBank();
  beforeAll(() => bank.open());
  afterAll(() => bank.close());
  return bank;
}
