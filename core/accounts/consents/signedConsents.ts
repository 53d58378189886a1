import { OpenBankingError } from '../../errors/OpenBankingError';
import { isJsonObject, parseJson } from '../../lib/json';
import type { BankClient } from '../../oauth/client';
import { isSuccessStatus } from '../../transport/oddAnswer';
import type { HttpResponse } from '../../transport/send';
import type { ConsentBody } from './consentRequest';

/** The client of the bank, as far as it signs and verifies. */
export type SigningClient = Pick<
  BankClient,
  'profile' | 'endpoints' | 'signPayload' | 'verifyPayload'
>;

/** Media types of the answers of a bank that signs them; refusals may be unsigned. */
export const JSON_AND_JWT = 'application/jwt, application/json';

/** Seconds from `iat` to `exp` of a signed request. The suite of the OpenID Foundation gives an hour; a request takes seconds. */
const LIFETIME = 600;

/** A body as a JWT, with its content in the claim `message`, for the issuer of the bank (KSA Open Banking, `OBReadConsentSigned`). */
export async function signedBody(client: SigningClient, message: object): Promise<ConsentBody> {
  const { issuer } = await client.endpoints();
  const nbf = Math.floor(Date.now() / 1000) - EARLIER;
  const content = await client.signPayload({
    kind: 'jwt',
    claims: { aud: [issuer], iat: nbf, nbf, message },
    issuer: client.profile.clientId,
    lifetime: LIFETIME,
    header: {},
  });
  return { type: 'application/jwt', content };
}

/** Seconds by which `nbf` is before the present, because the bank's clock may be late. */
const EARLIER = 5;

/**
 * The answer as unsigned JSON. The signature of a JWT is verified with the bank's keys, its issuer, and its audience if it has one: the standard
 * does not demand that one (KSA Open Banking, `Jwt`). A success has to be signed, whatever its media type says.
 *
 * @throws OpenBankingError `jwks-unusable`, `jwt-…`, `payload-claim` for a success. A refusal that cannot be verified is returned as it is
 */
export async function plainAnswer(
  client: SigningClient,
  response: HttpResponse,
): Promise<HttpResponse> {
  const { headers, body, status } = response;
  const isSaidToBeSigned = /\bjwt\b/i.test(headers['content-type'] ?? '');
  if (!isSaidToBeSigned && !isSuccessStatus(status)) return response;
  try {
    const { issuer } = await client.endpoints();
    const { payload } = await client.verifyPayload({
      ...{ signed: body.toString('utf8'), issuer },
      audienceIfAny: client.profile.clientId,
    });
    const content = isJsonObject(payload) && 'message' in payload ? payload.message : payload;
    return {
      ...response,
      headers: { ...headers, 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(content)),
    };
  } catch (error) {
    if (error instanceof OpenBankingError && !isSuccessStatus(status)) return response;
    throw error;
  }
}

/** Whether a body has a consent, which must not be lost, signed or not. */
export function isConsent(body: Buffer): boolean {
  const [, claims = ''] = /^[\w-]+\.([\w-]+)\.[\w-]+\s*$/.exec(body.toString('latin1')) ?? [];
  const value = parseJson(claims ? Buffer.from(claims, 'base64url') : body);
  const content = isJsonObject(value) && isJsonObject(value.message) ? value.message : value;
  if (!isJsonObject(content)) return false;
  const { Data, data } = content;
  return [Data, data].some(
    (part) => isJsonObject(part) && ('ConsentId' in part || 'consentId' in part),
  );
}
