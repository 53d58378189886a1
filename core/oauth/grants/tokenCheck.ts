import { OpenBankingError } from '../../errors/OpenBankingError';
import { plainText } from '../../lib/displayText';
import type { Bank } from '../bank/bank';
import type { Customer } from '../jwt/customer';
import { verifyIdToken, type IdTokenExpectations } from '../jwt/idToken';
import { idTokenKind, jwtFailure } from '../jwt/jwtKind';
import type { TokenResponse } from './tokenResponse';
import type { ReceivedTokens, TokenSet } from './tokenSet';

/** The result of the checks of received tokens: the first check that failed, or the customer that a verified ID token names. */
export interface CheckResult {
  readonly failedCheck?: OpenBankingError;
  readonly customer?: Customer;
}

/** Checks the tokens of a response. */
export async function failedResponseCheck(
  { parameters, receivedAt, violation }: TokenResponse,
  bank: Bank,
  expected: IdTokenExpectations,
): Promise<CheckResult> {
  if (violation) return { failedCheck: violation };
  return tokensCheck(parameters, bank, expected, receivedAt.getTime());
}

/**
 * Checks received tokens again, with the present credential and the present keys of the bank. The dates of the ID token are judged as of the
 * time at which the tokens came. No token request is sent; the bank's metadata and keys may be fetched.
 *
 * @param tokens as they were received or stored
 * @param expected the values that they were compared with before
 * @returns the tokens, with `authorization` if all checks passed; a failure to fetch the keys is a failed check `jwks-unusable`
 */
export async function checkTokensAgain(
  bank: Bank,
  tokens: TokenSet,
  expected: IdTokenExpectations,
): Promise<ReceivedTokens> {
  const receivedAt = Date.parse(tokens.obtained_at);
  const at = Number.isNaN(receivedAt) ? Date.now() : receivedAt;
  const accessToken = tokens.access_token;
  const { failedCheck, customer } =
    typeof accessToken === 'string' && accessToken !== ''
      ? await tokensCheck(tokens, bank, expected, at)
      : {
          failedCheck: new OpenBankingError('response-invalid', {
            problem: 'accessToken',
            outcome: 'received',
          }),
        };
  const checked: TokenSet = { ...tokens };
  if (failedCheck) delete checked.authorization;
  else checked.authorization = `Bearer ${String(accessToken)}`;
  return {
    tokens: checked,
    ...(failedCheck && { failedCheck }),
    remarks: [],
    expected,
    ...(customer && { customer }),
  };
}

/** Checks the granted scope, then the ID token. */
async function tokensCheck(
  parameters: Readonly<Record<string, unknown>>,
  bank: Bank,
  expected: IdTokenExpectations,
  receivedAt: number,
): Promise<CheckResult> {
  const otherScope = otherConsentScope(parameters, expected);
  if (otherScope) return { failedCheck: otherScope };
  return idTokenCheck(parameters, bank, expected, receivedAt);
}

/** The failed check if the granted scope does not name the consent. A scope that the bank does not say is the requested one (RFC 6749 §5.1). */
function otherConsentScope(
  { scope }: Readonly<Record<string, unknown>>,
  { consentScope: asked }: IdTokenExpectations,
): OpenBankingError | undefined {
  if (asked === undefined || typeof scope !== 'string') return undefined;
  if (scope.split(/\s+/).includes(asked)) return undefined;
  return new OpenBankingError('id-token-consent', {
    problem: 'scope',
    values: { granted: plainText(scope), asked: plainText(asked) },
    outcome: 'received',
  });
}

async function idTokenCheck(
  parameters: Readonly<Record<string, unknown>>,
  bank: Bank,
  expected: IdTokenExpectations,
  receivedAt: number,
): Promise<CheckResult> {
  const { id_token: idToken, access_token: accessToken } = parameters;
  if (idToken === undefined || idToken === null) {
    const { redirectIdToken } = expected;
    // Nonce and consent were compared with the ID token of the redirect.
    if (redirectIdToken) return { customer: redirectIdToken };
    const failedCheck = missingIdToken(expected);
    return failedCheck ? { failedCheck } : {};
  }
  try {
    const endpoints = await bank.endpoints().catch((error: OpenBankingError) => {
      const values = { reason: error.message };
      throw jwtFailure(idTokenKind, 'jwks-unusable', { problem: 'jwt', values });
    });
    const customer = await verifyIdToken(idToken as string, bank, endpoints, {
      ...expected,
      accessToken: accessToken as string,
      receivedAt,
    });
    return { customer };
  } catch (error) {
    if (error instanceof OpenBankingError) return { failedCheck: error };
    // A hostile ID token may cause any error. The received tokens must not be lost.
    return {
      failedCheck: jwtFailure(idTokenKind, 'jwt-malformed', { problem: 'unreadable' }),
    };
  }
}

/** The failed check if the bank sent no ID token, although a nonce or a consent must be compared with it. */
function missingIdToken({ nonce, consentId }: IdTokenExpectations): OpenBankingError | undefined {
  const failed = (code: 'id-token-binding' | 'id-token-consent') =>
    new OpenBankingError(code, { problem: 'noIdToken', outcome: 'received' });
  if (nonce) return failed('id-token-binding');
  return consentId ? failed('id-token-consent') : undefined;
}
