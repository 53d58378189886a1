import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import {
  stateIn,
  type RedirectExpectations,
} from '../../../../core/oauth/authorization/authorizationResponse';
import { redirectMalformed } from '../../../../core/oauth/authorization/redirectParameters';
import { signatureAskedFor } from '../../../../core/oauth/authorization/redirectSignature';
import { unknownState } from '../../../unknownState';
import { isWrittenByHand } from '../../../writtenByHand';
import { pendingAuthorizations, type OperationInput } from '../operation';
import { textOptions } from '../parameters';

/** The authorization request that an exchange belongs to, as far as it is known. */
interface PendingRequest {
  /** The values that the answer is compared with. */
  readonly expected: RedirectExpectations;
  readonly codeVerifier?: string;
  readonly redirectUri?: string;
  /**
   * Marks the request as used. Called after the answer is verified and before its code is sent.
   *
   * @throws OpenBankingError `redirect-state-unknown`; also the errors of the store
   */
  readonly take: () => Promise<void>;
  /** Warnings. */
  readonly remarks: readonly string[];
}

/**
 * Finds the authorization request of an answer: in "Options", and in the request that "Create Authorization URL" stored for the answer's
 * `state`. If "Options" contain the state, the store is not read.
 *
 * An address that an expression yields may come from anybody, so its request has to be known. The request of an address that a person
 * pasted into the node may be unknown.
 *
 * @param answer the field "Authorization Code"
 * @throws OpenBankingError `redirect-malformed`, `redirect-state-unknown`, `redirect-too-large`; also the errors of the store
 */
export async function pendingRequestFor(
  input: OperationInput,
  answer: string,
): Promise<PendingRequest> {
  const { context, itemIndex, client } = input;
  const { codeVerifier, redirectUri, ...given } = requestOptions(input);
  const unstored = {
    expected: given,
    codeVerifier,
    redirectUri,
    take: () => Promise.resolve(),
    remarks: [],
  };
  if (given.state) return unstored;
  const state = await stateIn(answer, client.profile);
  const isPasted = isWrittenByHand((options) =>
    context.getNodeParameter('code', itemIndex, '', options),
  );
  if (state === undefined || (state === '' && isPasted)) return unstored;
  if (state === '') throw redirectMalformed({ problem: 'noState' });
  const authorizations = pendingAuthorizations(input);
  const pending = await authorizations.find(state, answer).catch((error: unknown) => {
    // This Node.js cannot store authorizations, so none is known.
    if (isPasted && (error as OpenBankingError).code === 'version-too-old') return undefined;
    throw error;
  });
  if (pending === undefined && isPasted) return { ...unstored, remarks: [NOT_COMPARED] };
  if (pending === undefined) throw unknownStateOfExpression();
  if (pending === 'used') throw unknownState();
  const { nonce, consentId, acrValues, maxAge, requestedAt } = pending;
  const signature = signatureAskedFor(pending.responseType, pending.responseMode);
  return {
    expected: { nonce, consentId, acrValues, maxAge, requestedAt, ...given, state, signature },
    codeVerifier: codeVerifier ?? pending.codeVerifier,
    redirectUri: redirectUri ?? pending.redirectUri,
    take: async () => {
      if (!(await authorizations.take(state, answer))) throw unknownState();
    },
    remarks: [],
  };
}

const NOT_COMPARED =
  'The address was pasted by hand, so it was not checked that you had asked for it. Fine for a test; use "Create Authorization URL" and the Open Banking Redirect Trigger in production.';

/** A pasted address looks like an expression if the field is in Expression mode. */
function unknownStateOfExpression(): OpenBankingError {
  const error = unknownState();
  return error.with({
    description: `If you pasted the address: switch the field from Expression to Fixed, and paste it again. ${error.description}`,
  });
}

/** The options that describe the request, without empty ones: an empty option does not replace a stored value. */
function requestOptions(input: OperationInput): {
  [name in 'state' | 'nonce' | 'codeVerifier' | 'consentId' | 'redirectUri']?: string;
} {
  const { state, nonce, codeVerifier, consentId, redirectUri } = textOptions(input);
  const all = Object.entries({ state, nonce, codeVerifier, consentId, redirectUri });
  const trimmed = all.map(([name, value]) => [name, value?.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value));
}
