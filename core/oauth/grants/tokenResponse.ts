import { processGenericTokenEndpointResponse, type AuthorizationServer } from 'oauth4webapi';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { HttpResponse } from '../../transport/send';
import { bankError, describeBody } from '../messages/errorResponse';
import { bankText } from '../../lib/bankText';
import { isJsonObject, parseJson } from '../../lib/json';

/** A token response (RFC 6749 §5.1) that carries at least one token. */
export interface TokenResponse {
  /** The parameters as the bank sent them, not yet checked beyond this. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly receivedAt: Date;
  /** The first rule that the response breaks. The tokens are kept all the same: they may not come again. */
  readonly violation?: OpenBankingError;
  /** Departures from the rules that do no harm. */
  readonly remarks: readonly string[];
}

/**
 * Reads what a token endpoint answered.
 *
 * @param secrets values of the request that must not be shown in a message
 * @throws OpenBankingError where no token came: of the stage `authorization-server`, or `response-empty`,
 *   `response-not-json`, `token-response-invalid`
 */
export async function readTokenResponse(
  response: HttpResponse,
  secrets: readonly string[],
): Promise<TokenResponse> {
  const { status } = response;
  if (status < 200 || status > 299) throw bankError(response, secrets);
  const parameters = parseJson(response.body);
  if (!isJsonObject(parameters)) {
    const code = parameters === undefined ? 'response-not-json' : 'token-response-invalid';
    throw new OpenBankingError(response.body.length ? code : 'response-empty', {
      message: `The bank answered with status ${status} and ${describeBody(response, secrets)}`,
      status,
    });
  }
  if (!isToken(parameters.access_token) && !isToken(parameters.refresh_token)) {
    // Some servers announce failures with a status of success.
    if (parameters.error !== undefined) throw bankError(response, secrets);
    throw new OpenBankingError('token-response-invalid', {
      message: 'The bank answered without an access token',
      status,
    });
  }
  return {
    parameters,
    receivedAt: response.receivedAt,
    violation: await violationOf(parameters),
    remarks: remarksOf(response, secrets),
  };
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The ID token is left out: it is checked on its own, after the tokens are safe. */
async function violationOf(
  parameters: Readonly<Record<string, unknown>>,
): Promise<OpenBankingError | undefined> {
  // The library reads "300abc" as 300.
  if (typeof parameters.expires_in === 'string' && !/^\d{1,10}$/.test(parameters.expires_in)) {
    return invalid('"expires_in" is not a number');
  }
  const response = spare.pop() ?? new ReadResponse(null, asJson);
  response.value = { ...parameters, id_token: undefined };
  try {
    await processGenericTokenEndpointResponse(anyServer, anyClient, response);
    return undefined;
  } catch (error) {
    return invalid(reason(error));
  } finally {
    response.value = {};
    spare.push(response);
  }
}

const asJson = { headers: { 'content-type': 'application/json' } };

/** A response whose body was read already: the library is given the value without another turn through text and a stream. */
class ReadResponse extends Response {
  value: object = {};

  override json = () => Promise.resolve(this.value);

  override text = () => Promise.resolve(JSON.stringify(this.value));
}

/** Those that are free: to make one takes longer than the validation itself. The library keeps nothing of one without an ID token. */
const spare: ReadResponse[] = [];

/** Without an ID token nothing of them is looked at. */
const anyServer: AuthorizationServer = { issuer: 'https://unused.invalid' };
const anyClient = { client_id: 'unused' };

/** The library's messages name the parameter and hold no values; its cause holds the body. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return message.replace(/^"response" body /, '').replace(' property', '');
}

function invalid(what: string): OpenBankingError {
  return new OpenBankingError('token-response-invalid', {
    message: `The bank sent tokens in a response that is not valid: ${what}`,
    outcome: 'received',
  });
}

function remarksOf({ status, headers }: HttpResponse, secrets: readonly string[]): string[] {
  const remarks = [];
  if (status !== 200) remarks.push(`The bank sent tokens with status ${status} instead of 200.`);
  const type = headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
    const label = type ? `as "${bankText(type, secrets)}"` : 'without a content type';
    remarks.push(`The bank sent tokens ${label} instead of "application/json".`);
  }
  return remarks;
}
