import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Consents } from './consents';
import { answerInteraction, INTERACTION_PATH } from './interactions';
import type { Journal } from './journal';
import { parseForm } from './form';
import { PATHS } from './provider';
import type { Regime, RuledBank } from './regimes/regime';
import { refuseBy } from './regimes/refuse';
import { authorizationRequest } from './regimes/requests';
import { renderRefusal } from './pages';
import { replyFailure, replyPage } from './replies';
import { TOKEN_PATHS, type TokenEndpoints } from './tokenEndpoints';
import type { Refusal } from './wso2Rules';

export interface IdentityServerOptions {
  provider: Provider;
  regime: Regime;
  bank: RuledBank;
  consents: Consents;
  journal: Journal;
  tokenEndpoints: TokenEndpoints;
  /** Host and port of the identity server. */
  host: string;
  /** Whether a request comes from the sandbox itself. Such requests are not recorded. */
  isOwn: (request: IncomingMessage) => boolean;
  /** Answers a request to `/sandbox/…`. Returns `false` if there is no such page. */
  helpers: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}

const DISCOVERY = '/.well-known/openid-configuration';

/** The identity server: WSO2's OAuth endpoints, the customer's pages, and `/sandbox/`. */
export function createIdentityServer(options: IdentityServerOptions): RequestListener {
  const { provider, regime, bank, consents, journal, tokenEndpoints, host, isOwn, helpers } =
    options;
  const authorizationServer = provider.callback();
  return (request, response) => {
    const path = request.url?.split('?')[0] ?? '/';
    if (!path.startsWith('/sandbox/') && !isOwn(request)) {
      journal.record('identity', request, response);
    }
    const answer = async (): Promise<void> => {
      if (path.startsWith('/sandbox/') && (await helpers(request, response))) return;
      if (request.method === 'POST' && TOKEN_PATHS.has(path)) {
        return tokenEndpoints(request, response, path);
      }
      if (INTERACTION_PATH.test(path)) {
        return answerInteraction({ provider, consents, regime }, request, response);
      }
      if (path === PATHS.authorize) {
        const refusal = refuseAddress(regime, bank, request.url ?? '');
        if (refusal) {
          const { status, error, error_description } = refusal;
          return replyPage(response, status, renderRefusal(error, error_description));
        }
      }
      if (path === regime.issuerPath + DISCOVERY || path === DISCOVERY) {
        // oidc-provider builds the addresses in the document from these two, and the addresses must contain the bank's own name.
        request.url = DISCOVERY;
        request.headers.host = host;
      }
      await authorizationServer(request, response);
    };
    answer().catch((error: unknown) => replyFailure(response, error));
  };
}

/** Applies the rules of a regime to the address that a customer opens, and to the request in it if it was not pushed. */
function refuseAddress(regime: Regime, bank: RuledBank, url: string): Refusal | undefined {
  const query = parseForm(url.split('?')[1] ?? '');
  return (
    refuseBy(regime.addressRules, { query }) ??
    (query.request_uri === undefined
      ? refuseBy(regime.requestRules, authorizationRequest(bank, query, false))
      : undefined)
  );
}
