import type { AuthorizationRequest, ConsentNaming, RequestedClaims } from './regime';
import { requestedClaims, scopesOf } from './requests';

/** The ID of the consent that an authorization request names; `undefined` if it names none. */
export function consentNamedIn(
  { byClaim, scopePrefix, renewedBy }: ConsentNaming,
  parameters: AuthorizationRequest['parameters'],
): string | undefined {
  const requested = requestedClaims(parameters.claims);
  const renewed = renewedBy && requested[renewedBy];
  if (typeof renewed === 'string') return renewed;
  const inScope =
    scopePrefix && scopesOf(parameters).find((scope) => scope.startsWith(scopePrefix));
  if (inScope) return inScope.slice(scopePrefix.length);
  return byClaim ? intentOf(requested) : undefined;
}

/** The claim `openbanking_intent_id` (UK Open Banking security profile). */
function intentOf({ id_token }: RequestedClaims): string | undefined {
  const value = id_token?.openbanking_intent_id?.value;
  return typeof value === 'string' ? value : undefined;
}
