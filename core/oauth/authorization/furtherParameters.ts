import { OpenBankingError } from '../../errors/OpenBankingError';
import { plainText } from '../../lib/displayText';

/** Further parameters of an authorization request, by name. A list is a parameter that comes several times. */
export type FurtherParameters = Readonly<Record<string, string | readonly string[]>>;

const LABEL = 'Further Parameters';

/** The parameters that the node sets, or that have a field of their own, and the claims of a request object (RFC 9101 §4). */
const OWN = new Set([
  ...['response_type', 'response_mode', 'client_id', 'scope', 'redirect_uri', 'state', 'nonce'],
  ...['code_challenge', 'code_challenge_method', 'prompt', 'max_age', 'claims'],
  ...['authorization_details', 'request', 'request_uri'],
  ...['iss', 'aud', 'exp', 'nbf', 'iat', 'jti'],
]);

/**
 * The parameters of other requests and of answers. The browser would carry a secret in clear. With `sub`, a request object could pass for a
 * client assertion (RFC 9101 §10.8).
 */
const MISPLACED = new Set([
  ...['client_secret', 'client_assertion', 'client_assertion_type', 'assertion', 'grant_type'],
  ...['code', 'code_verifier', 'access_token', 'refresh_token', 'id_token', 'token', 'response'],
  ...['username', 'password', 'error', 'error_description', 'error_uri', 'sub'],
]);

/** The only parameter that may come several times (RFC 8707 §2; RFC 6749 §3.1 forbids it for others). */
const REPEATABLE = 'resource';

/** The characters of parameter names (RFC 6749, appendix A.13). */
const NAME = /^(?!__proto__$)[\w.-]+$/;

/**
 * Reads further parameters of an authorization request.
 *
 * @param entries as a person gave them
 * @throws OpenBankingError `input-missing`, `field-malformed`
 */
export function furtherParametersOf(
  entries: readonly { readonly name: string; readonly value: string }[],
): FurtherParameters {
  const parameters: Record<string, string | string[]> = {};
  for (const { name: given, value } of entries) {
    const name = given.trim();
    if (!name) throw empty('Name');
    if (!NAME.test(name)) {
      throw malformed(`"${plainText(name)}", which is no name of a parameter`, NAME_ADVICE);
    }
    if (OWN.has(name.toLowerCase())) {
      throw new OpenBankingError('field-malformed', {
        problem: 'reserved',
        values: { field: LABEL, name },
        description: OWN_ADVICE,
      });
    }
    if (MISPLACED.has(name.toLowerCase())) {
      throw malformed(
        `"${name}", which has no place in an authorization request`,
        MISPLACED_ADVICE,
      );
    }
    if (!value.trim()) throw empty(name);
    const before = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (before === undefined) parameters[name] = value;
    else if (name === REPEATABLE) parameters[name] = [before, value].flat();
    else throw malformed(`"${name}" twice`, 'Remove one of them.');
  }
  return parameters;
}

const NAME_ADVICE =
  'The name of a parameter has only letters, digits, "-", "." and "_", for example "login_hint".';

const OWN_ADVICE =
  'Remove it. The node and the credential have fields for what can be chosen: "Scope", "Prompt", "Maximum Login Age", "Further Claims", "Authorization Details" and others. Nothing was sent.';

const MISPLACED_ADVICE =
  "Remove it: the customer's browser would see it. How this application authenticates itself is chosen in the credential.";

function malformed(content: string, advice: string): OpenBankingError {
  return new OpenBankingError('field-malformed', {
    problem: 'foreign',
    values: { field: LABEL, content },
    description: `${advice} Nothing was sent.`,
  });
}

function empty(part: string): OpenBankingError {
  return new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: `${LABEL} → ${part}` },
    description:
      'Give a name and a value, or fix the expression, which yields an empty value. If you do not need the parameter, remove it. Nothing was sent.',
  });
}
