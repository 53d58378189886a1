import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import type { RedirectExpectations } from '../../../../core/oauth/authorization/authorizationResponse';
import { isExpression } from '../jsonField';
import { pendingAuthorizations, textOptions, type OperationInput } from '../operation';

/** What is known of the authorization request that an exchange belongs to. */
interface KnownRequest {
  /** What the answer is compared with. */
  readonly expected: RedirectExpectations;
  readonly codeVerifier?: string;
  readonly redirectUri?: string;
  /**
   * Uses the request up, once the answer is verified and before its code is sent.
   *
   * @throws OpenBankingError `redirect-state-unknown`, and those of the store
   */
  readonly take: () => Promise<void>;
  readonly remarks: readonly string[];
}

/**
 * What is known of the authorization request: what "Options" say of it, and what "Create Authorization URL" kept for the state in the
 * answer. Where "Options" name the state themselves, nothing is looked for.
 *
 * An address that an expression yields may come from anybody: it has to answer a request that is known. One that a person pasted into the
 * node need not.
 *
 * @param answer the input of the exchange
 * @throws OpenBankingError `redirect-state-missing`, `redirect-state-unknown`, `redirect-too-large`, and those of the store
 */
export async function knownRequest(input: OperationInput, answer: string): Promise<KnownRequest> {
  const { codeVerifier, redirectUri, ...said } = saidInOptions(input);
  const byHand = { codeVerifier, redirectUri, take: () => Promise.resolve() };
  if (said.state) return { ...byHand, expected: said, remarks: [] };
  const { stateIn } = await import('../../../../core/oauth/authorization/authorizationResponse');
  const state = await stateIn(answer, input.profile);
  const isPasted = isWrittenByHand(input);
  if (state === undefined || (state === '' && isPasted)) {
    return { ...byHand, expected: said, remarks: [] };
  }
  if (state === '') {
    throw new OpenBankingError('redirect-state-missing', {
      message: 'The redirect carries no "state"',
      outcome: 'not-sent',
    });
  }
  const authorizations = await pendingAuthorizations(input);
  const pending = await authorizations.find(state, answer).catch((error: unknown) => {
    // A Node.js that can keep no authorization: none is known, then.
    if (isPasted && (error as OpenBankingError).code === 'node-too-old') return undefined;
    throw error;
  });
  if (pending === undefined && isPasted) {
    return { ...byHand, expected: said, remarks: [NOT_COMPARED] };
  }
  if (pending === undefined) throw unknownState(PASTED_ADDRESS);
  if (pending === 'used') throw unknownState();
  const { signatureAskedFor } =
    await import('../../../../core/oauth/authorization/redirectSignature');
  const { nonce, consentId, acrValues, maxAge, requestedAt } = pending;
  const signature = signatureAskedFor(pending.responseType, pending.responseMode);
  return {
    expected: { nonce, consentId, acrValues, maxAge, requestedAt, ...said, state, signature },
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

const PASTED_ADDRESS =
  'If you pasted the address: switch the field from Expression to Fixed, and paste it again. ';

/** @param advice before the one of the catalogue */
function unknownState(advice = ''): OpenBankingError {
  const error = new OpenBankingError('redirect-state-unknown', {
    message: 'No authorization is pending for the "state" of this redirect',
    outcome: 'not-sent',
  });
  return error.with({ description: `${advice}${error.description}` });
}

/** Without what is empty, so that it hides nothing that was kept. */
function saidInOptions(input: OperationInput): {
  [name in 'state' | 'nonce' | 'codeVerifier' | 'consentId' | 'redirectUri']?: string;
} {
  const { state, nonce, codeVerifier, consentId, redirectUri } = textOptions(input);
  const all = Object.entries({ state, nonce, codeVerifier, consentId, redirectUri });
  const trimmed = all.map(([name, value]) => [name, value?.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value));
}

function isWrittenByHand({ context, itemIndex }: OperationInput): boolean {
  const written = context.getNodeParameter('code', itemIndex, '', { rawExpressions: true });
  return typeof written === 'string' && !isExpression(written);
}
