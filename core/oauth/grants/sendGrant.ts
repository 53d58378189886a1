import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Endpoints } from '../../profile/endpoints';
import { requestsIdToken } from '../../profile/scope';
import type { Bank } from '../bank/bank';
import type { IdTokenExpectations } from '../jwt/idToken';
import { pauseSentence } from '../messages/retryAfter';
import { comparedWithRequest, isAboutTheCode, scopeRemarks } from './explainedGrant';
import { failedResponseCheck } from './tokenCheck';
import { requestTokens } from './tokenEndpoint';
import type { Grant } from './tokenRequest';
import type { TokenResponse } from './tokenResponse';
import { tokenSet, type ReceivedTokens, type TokenSet } from './tokenSet';
import { unansweredTime } from './usedGrants';

/**
 * A function that is called with received tokens before they are checked, and with the values that they will be compared with.
 * The tokens have no `authorization` yet.
 */
export type OnReceived = (tokens: TokenSet, expected: IdTokenExpectations) => Promise<void>;

/** The values for one grant. */
export interface GrantContext {
  /** The values that the ID token is compared with. */
  expected: IdTokenExpectations;
  /** See `HttpRequest.beforeHandOver`. */
  beforeHandOver?: () => void;
  onReceived?: OnReceived;
  /** The details that the refreshed tokens were granted (RFC 9396 §7). They stay if the answer to the refresh does not say them again. */
  authorizationDetails?: unknown;
}

/** Fetches the endpoints, and the bank's keys if the scope requests an ID token. @throws OpenBankingError with the outcome `not-sent` */
export async function prepareGrant(bank: Bank, scope: string): Promise<Endpoints> {
  const endpoints = await bank.endpoints();
  if (requestsIdToken(scope)) await bank.ensureKeys();
  return endpoints;
}

/**
 * Sends a grant to the token endpoint, and checks the tokens that come.
 *
 * @throws OpenBankingError as `requestTokens`, if no tokens came; a failed check of received tokens is returned with them
 */
export async function sendGrant(
  bank: Bank,
  endpoints: Endpoints,
  grant: Grant,
  context: GrantContext,
): Promise<ReceivedTokens> {
  const { beforeHandOver } = context;
  const answer = await requestTokens(bank.profile, endpoints, grant, { beforeHandOver }).catch(
    (error: unknown) => {
      throw withOutcome(error, grant);
    },
  );
  const response =
    grant.type === 'client_credentials'
      ? withoutIdToken(answer)
      : withDetails(answer, context.authorizationDetails);
  const used = grant.type === 'refresh_token' ? grant.refreshToken : undefined;
  const { expected } = context;
  await context.onReceived?.(tokenSet(response, used, true), expected);
  const { failedCheck, customer } = await failedResponseCheck(response, bank, expected);
  return {
    tokens: tokenSet(response, used, failedCheck !== undefined),
    ...(failedCheck && { failedCheck }),
    remarks: [...response.remarks, ...scopeRemarks(grant, response)],
    expected,
    ...(customer && { customer }),
  };
}

/** The response of a grant without a customer: an ID token has no meaning in it (RFC 6749 §4.4), and nobody is to rely on it. */
function withoutIdToken(response: TokenResponse): TokenResponse {
  const { id_token: idToken, ...parameters } = response.parameters;
  if (idToken === undefined) return response;
  const remark =
    'The bank sent an ID token with the application token, which belongs to no customer: it is left out.';
  return { ...response, parameters, remarks: [...response.remarks, remark] };
}

/** The response with the details that were granted before, if it has none. */
function withDetails(response: TokenResponse, granted: unknown): TokenResponse {
  const { parameters } = response;
  if (granted === undefined || parameters.authorization_details !== undefined) return response;
  return { ...response, parameters: { ...parameters, authorization_details: granted } };
}

/** The failure of a request, with advice about the grant if the outcome is not known. */
function withOutcome(error: unknown, grant: Grant): unknown {
  if (!(error instanceof OpenBankingError) || error.outcome !== 'unknown') return error;
  const { retryAfter } = error;
  const pause = retryAfter ? `${pauseSentence(retryAfter)} ` : '';
  switch (grant.type) {
    case 'authorization_code':
      return error.with({
        description: `${pause}It is not known whether the bank used up the authorization code, so it is not sent again. If the bank did, the customer has to give consent again.${isAboutTheCode(error) ? ` ${comparedWithRequest(grant)}` : ''}`,
      });
    case 'refresh_token': {
      const seconds = unansweredTime(error) / 1000;
      return error.with({
        description: `${pause}It is not known whether the bank used up the refresh token, so it is not sent again within ${seconds} seconds. Then try the same refresh token once more. If the bank refuses it, the customer has to give consent again.`,
      });
    }
    case 'client_credentials':
      return error;
  }
}
