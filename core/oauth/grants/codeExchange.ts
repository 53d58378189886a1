import { redirectUriOf } from '../../profile/redirectUri';
import { withConsent } from '../../profile/scope';
import type { AuthorizationDetail } from '../authorization/authorizationDetails';
import type { Bank } from '../bank/bank';
import type { IdTokenExpectations } from '../jwt/idToken';
import type { ExpectedAuthentication, RedirectIdToken } from '../jwt/idTokenClaims';
import { halfHashes } from '../jwt/idTokenHash';
import { narrowedDetails } from './grantedDetails';
import { isExpired, lookedAtAgain, withoutExpiredToken } from './repeatedGrant';
import { prepareGrant, sendGrant, type GrantContext, type OnReceived } from './sendGrant';
import type { ReceivedTokens } from './tokenSet';
import type { GrantGuard } from './usedGrants';

/** An exchange of an authorization code (RFC 6749 §4.1.3). */
export interface CodeExchange extends ExpectedAuthentication {
  /** The bare, decoded code, see `readAuthorizationResponse`. */
  code: string;
  /** If empty, the redirect URI of the profile. */
  redirectUri?: string;
  /** If empty, the scope of the profile. */
  scope?: string;
  /** `state` of the authorization request, if known. It reveals a code that is given again for another request. */
  state?: string;
  /** `nonce` of the authorization request, if known. */
  nonce?: string;
  /** The PKCE verifier (RFC 7636), if the authorization request had a challenge. */
  codeVerifier?: string;
  /** The consent that the ID token has to name, if known. */
  consentId?: string;
  /** The scope that named the consent in the authorization request. The granted scope has to name it, too. */
  consentScope?: string;
  /** The details that the authorization request asked for (RFC 9396), if it did. */
  authorizationDetails?: readonly AuthorizationDetail[];
  /** The ID token of the redirect that brought the code. The ID token of the token endpoint must agree with it. */
  redirectIdToken?: RedirectIdToken;
  onReceived?: OnReceived;
}

/** Maximum age, in seconds, of an ID token that came for a code. A code lives for minutes. */
const MAXIMUM_AGE = 60 * 60;

/**
 * Exchanges an authorization code. The code is sent once, even if the request fails.
 *
 * @throws OpenBankingError `code-of-another-request`, those of discovery, and as `requestTokens`, if no tokens came; a failed check of received
 *   tokens is returned with them
 */
export async function exchangeCode(
  bank: Bank,
  { usedGrants, user }: GrantGuard,
  exchange: CodeExchange,
): Promise<ReceivedTokens> {
  const { code, state, redirectIdToken, acrValues, maxAge, requestedAt, onReceived } = exchange;
  const { requiredClaims, consentScope, authorizationDetails } = exchange;
  const grant = {
    type: 'authorization_code',
    code,
    redirectUri: redirectUriOf(bank.profile, exchange.redirectUri),
    scope: withConsent(exchange.scope?.trim() || bank.profile.scope, consentScope),
    codeVerifier: exchange.codeVerifier?.trim() || undefined,
  } as const;
  const nonce = exchange.nonce?.trim() || undefined;
  const consentId = exchange.consentId?.trim() || undefined;
  const context: GrantContext = {
    expected: withoutUndefined({
      ...{ nonce, consentId, consentScope, redirectIdToken },
      ...{ acrValues, maxAge, requestedAt, requiredClaims },
      codeHash: halfHashes(code),
      stateHash: state ? halfHashes(state) : undefined,
      maximumAge: MAXIMUM_AGE,
    }),
    onReceived,
  };
  return usedGrants.sendOnce(user, grant, {
    request: { state, nonce, consentId },
    send: async () => {
      const endpoints = await prepareGrant(bank, grant.scope);
      const received = await sendGrant(bank, endpoints, grant, context);
      const { authorization_details: granted } = received.tokens;
      const narrowed = narrowedDetails(authorizationDetails, granted);
      return { ...received, remarks: [...received.remarks, ...narrowed] };
    },
    lookAgain: async (earlier) => {
      const received = await lookedAtAgain(bank, earlier);
      return isExpired(received) ? withoutExpiredToken(received) : received;
    },
  });
}

/** The values without those that are `undefined`, so that they are the same after they were stored. */
function withoutUndefined(expected: IdTokenExpectations): IdTokenExpectations {
  return Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined));
}
