import type { BankSettings } from '../../../core/profile/settings';
import { forClient } from '../../conformance/forgedRedirect';
import { customCredential } from '../../support/bank/credential';
import { bankJwk, halfHash, idToken, issuer, type Forgery } from '../../support/bank/idTokens';
import { json } from '../../support/bank/scriptedBank';
import { startTlsServer, type TlsServer } from '../../support/servers/tlsServer';

/** `nonce` and `state` of each authorization request. */
export const NONCE = 'n-1';

/** Seconds that access tokens live. */
export const LIFE = 3_600;

/** A bank whose ID tokens are as a test wants them, for each client on its own. */
export class IdTokenBank {
  readonly #forgeries = new Map<string, Forgery>();
  readonly #requests = new Map<string, number>();
  #credential!: BankSettings;
  #server!: TlsServer;

  async open(): Promise<void> {
    this.#server = await startTlsServer({
      handle: ({ url, body }, response) => {
        const answer = async () =>
          url === '/jwks' ? { keys: [await bankJwk()] } : this.#tokens(new URLSearchParams(body));
        void answer().then((sent) => json(200, sent)(response, undefined!, undefined!));
      },
    });
    const { url } = this.#server;
    this.#credential = { ...(await customCredential(url)), issuer, scope: 'openid accounts' };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** The credential of a client. */
  credential(clientId: string): BankSettings {
    return { ...this.#credential, clientId };
  }

  /** The differences of the next ID tokens of a client from good ones. */
  forge(clientId: string, forgery: Forgery): void {
    this.#forgeries.set(clientId, forgery);
  }

  /** The number of codes and refresh tokens that came from a client. */
  requests(clientId: string): number {
    return this.#requests.get(clientId) ?? 0;
  }

  async #tokens(form: URLSearchParams): Promise<object> {
    const clientId = form.get('client_id')!;
    const count = this.requests(clientId) + 1;
    this.#requests.set(clientId, count);
    const accessToken = `at-${clientId}-${count}`;
    const { claims, ...forgery } = forgeryFor(clientId, this.#forgeries.get(clientId));
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: LIFE,
      refresh_token: `rt-${clientId}-${count}`,
      id_token: await idToken({
        ...forgery,
        claims: { at_hash: halfHash(accessToken), nonce: NONCE, ...claims },
      }),
    };
  }
}

/** The differences of an ID token from a good one for a client. */
export function forgeryFor(clientId: string, forgery: Forgery = {}): Forgery {
  const { aud } = forgery.claims ?? {};
  const audience = Array.isArray(aud)
    ? { aud: aud.map((name) => (name === 'of the client' ? clientId : name)) }
    : {};
  return forClient(clientId, { ...forgery, claims: { ...forgery.claims, ...audience } });
}
