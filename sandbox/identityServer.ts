import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Consents } from './consents';
import { answerInteraction, INTERACTION_PATH } from './interactions';
import type { Journal } from './journal';
import { PATHS } from './provider';
import { replyFailure } from './replies';
import { TOKEN_PATHS, type TokenEndpoints } from './tokenEndpoints';

export interface IdentityServerOptions {
  provider: Provider;
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
  const { provider, consents, journal, tokenEndpoints, host, isOwn, helpers } = options;
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
        return answerInteraction(provider, consents, request, response);
      }
      if (path === PATHS.token + DISCOVERY || path === DISCOVERY) {
        // oidc-provider builds the addresses in the document from these two, and the addresses must contain the bank's own name.
        request.url = DISCOVERY;
        request.headers.host = host;
      }
      await authorizationServer(request, response);
    };
    answer().catch((error: unknown) => replyFailure(response, error));
  };
}
