import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  AuthorizationCode,
  errors,
  KoaContextWithOIDC,
  default as Provider,
} from 'oidc-provider';
import { parseForm, readBody, single, withBody, type Form } from './form';
import type { Journal } from './journal';
import { PATHS } from './provider';
import { replyRefusal } from './replies';
import type { Refusal } from './wso2Rules';

/** Answers one request to a token, PAR, revocation or introspection endpoint. */
export type TokenEndpoints = (
  request: IncomingMessage,
  response: ServerResponse,
  /** Path at the authorization server, which may differ from the path of the request. */
  path: string,
) => Promise<void>;

/** Paths of the endpoints at which clients authenticate. */
export const TOKEN_PATHS: ReadonlySet<string> = new Set([
  PATHS.token,
  PATHS.par,
  PATHS.revoke,
  PATHS.introspect,
]);

/** The rules of a bank at these endpoints, in addition to those of the authorization server. */
export interface TokenRules {
  /** Checks a request before the authorization server does. */
  refuse(request: IncomingMessage, form: Form, path: string): Promise<Refusal | undefined>;
  /** A refusal of the authorization server in the words of the bank; `undefined` if the bank has no words for it. */
  words(error: errors.OIDCProviderError, form: Form): Refusal | undefined;
  /** The answer to a code that was used before; `undefined` for the one of the authorization server. */
  spentCode: Refusal | undefined;
  /** Adds members to an answer with tokens. */
  extend(context: KoaContextWithOIDC): Promise<void>;
}

/** The authorization server's endpoints, with the rules of the bank. */
export function createTokenEndpoints(
  provider: Provider,
  rules: TokenRules,
  journal: Journal,
): TokenEndpoints {
  const forms = new WeakMap<IncomingMessage, Form>();
  const refusals = new WeakMap<KoaContextWithOIDC, errors.OIDCProviderError>();
  const note = (context: KoaContextWithOIDC, error: errors.OIDCProviderError): void => {
    refusals.set(context, error);
  };
  provider.on('grant.error', note);
  provider.on('pushed_authorization_request.error', note);
  provider.on('revocation.error', note);
  provider.on('introspection.error', note);

  const spent = new SpentCodes();
  provider.use(async (context, next) => {
    await next();
    const form = forms.get(context.req);
    if (!form) return;
    const error = refusals.get(context as KoaContextWithOIDC);
    const wasSpent = await spent.add(provider, context as KoaContextWithOIDC, form);
    if (!error) return rules.extend(context as KoaContextWithOIDC);
    const refusal =
      (wasSpent && error.error === 'invalid_grant' ? rules.spentCode : undefined) ??
      rules.words(error, form);
    if (!refusal) return;
    context.status = refusal.status;
    context.body = { error: refusal.error, error_description: refusal.error_description };
  });

  const answer = provider.callback();
  return async (request, response, path) => {
    const body = await readBody(request);
    const form = parseForm(String(body));
    journal.recordForm(request, form);
    const refusal = await rules.refuse(request, form, path);
    if (refusal) return replyRefusal(response, refusal);
    const readAgain = withBody(request, body, path);
    forms.set(readAgain, form);
    await answer(readAgain, response);
  };
}

/** Maximum number of remembered codes. The oldest are removed first. */
const CAPACITY = 5_000;

/**
 * Remembers codes that were used. WSO2 deactivates a code after the client has authenticated, also if the
 * exchange fails (`finally` in AuthorizationCodeGrantHandler). From then on, its answer to that code is "inactive".
 * oidc-provider forgets a code after its second use.
 */
class SpentCodes {
  private readonly codes = new Set<string>();

  /** Deactivates the code of an exchange. Returns whether it was inactive before. */
  async add(provider: Provider, context: KoaContextWithOIDC, form: Form): Promise<boolean> {
    const value = single(form, 'code');
    const clientId = context.oidc.client?.clientId;
    if (!value || !clientId) return false;
    const name = `${clientId} ${value}`;
    if (this.codes.has(name)) return true;
    // The property is missing from the type declarations.
    const code: (AuthorizationCode & { consumed?: number }) | undefined =
      await provider.AuthorizationCode.find(value);
    if (code?.clientId !== clientId) return false;
    this.codes.add(name);
    if (this.codes.size > CAPACITY) this.codes.delete(this.codes.values().next().value!);
    if (!code.consumed) await code.consume();
    return false;
  }
}
