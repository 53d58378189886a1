import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { AuthorizationDetail } from '../../../../core/oauth/authorization/authorizationDetails';
import { stateIn } from '../../../../core/oauth/authorization/authorizationResponse';
import { redirectMalformed } from '../../../../core/oauth/authorization/redirectParameters';
import type { RedirectExpectations } from '../../../../core/oauth/authorization/verifiedRedirect';
import { expectationsOf } from '../../../../core/tokens/pendingAuthorizations';
import { unknownState, usedState } from '../../../unknownState';
import { isWrittenByHand } from '../../../writtenByHand';
import { pendingAuthorizations, type OperationInput } from '../operation';
import { textOption } from '../../../parameters';

/** The authorization request that an exchange belongs to, as far as it is known. */
export interface PendingRequest {
  /** The values that the answer is compared with. */
  readonly expected: RedirectExpectations;
  readonly codeVerifier?: string;
  readonly redirectUri?: string;
  /** The name of the stored consent that is renewed. */
  readonly consent?: string;
  /** The bank's ID of the consent that the customer was asked for, however the request named it. */
  readonly consentId?: string;
  /** The details that the request asked for. */
  readonly authorizationDetails?: readonly AuthorizationDetail[];
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
 * @param options see {@link requestOptions}
 * @throws OpenBankingError `redirect-malformed`, `redirect-state-unknown`, `redirect-too-large`; also the errors of the store
 */
export async function pendingRequestFor(
  input: OperationInput,
  answer: string,
  { codeVerifier, redirectUri, ...given }: RequestOptions,
): Promise<PendingRequest> {
  const { context, itemIndex, client } = input;
  const unstored = {
    expected: given,
    codeVerifier,
    redirectUri,
    ...(given.consentId !== undefined && { consentId: given.consentId }),
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
  if (pending === 'used') throw usedState();
  const { consent, authorizationDetails } = pending;
  const consentId = given.consentId ?? pending.consentId;
  return {
    expected: { ...expectationsOf(pending), ...given, state },
    codeVerifier: codeVerifier ?? pending.codeVerifier,
    redirectUri: redirectUri ?? pending.redirectUri,
    ...(consent !== undefined && { consent }),
    ...(consentId !== undefined && { consentId }),
    ...(authorizationDetails && { authorizationDetails }),
    take: async () => {
      if (!(await authorizations.take(state, answer))) throw usedState();
    },
    remarks: [],
  };
}

const NOT_COMPARED =
  'The address was pasted by hand, so the node did not check that you had asked for it. That is enough for a test. In production, use "Create Authorization URL" and the Open Banking Redirect Trigger.';

/** A pasted address looks like an expression if the field is in Expression mode. */
function unknownStateOfExpression(): OpenBankingError {
  const error = unknownState();
  return error.with({
    description: `If you pasted the address: switch the field from Expression to Fixed, and paste it again. ${error.description}`,
  });
}

/** The options that describe the request, as far as they were added. */
export interface RequestOptions {
  readonly state?: string;
  readonly nonce?: string;
  readonly codeVerifier?: string;
  readonly consentId?: string;
  readonly redirectUri?: string;
}

/**
 * Reads the options that describe the request.
 *
 * @throws OpenBankingError `input-missing` if one of them was added and yields no text: it must not switch off a check
 */
export function requestOptions(input: OperationInput): RequestOptions {
  const options = {
    state: textOption(input, 'state', 'State'),
    nonce: textOption(input, 'nonce', 'Nonce'),
    codeVerifier: textOption(input, 'codeVerifier', 'Code Verifier'),
    consentId: textOption(input, 'consentId', 'Consent ID'),
    redirectUri: textOption(input, 'redirectUri', 'Redirect URI'),
  };
  // An option that was not added must not replace a stored value.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
