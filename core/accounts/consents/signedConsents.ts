import { isJsonObject, parseJson } from '../../lib/json';
import type { BankClient } from '../../oauth/client';
import { issuedAt } from '../../oauth/jwt/issuedAt';
import type { VerifyingClient } from '../signedAnswers';
import type { ConsentBody } from './consentRequest';

/** The client of the bank, as far as it signs and verifies. */
export type SigningClient = VerifyingClient & Pick<BankClient, 'signPayload'>;

/** Seconds from `iat` to `exp` of a signed request. The suite of the OpenID Foundation gives an hour; a request takes seconds. */
const LIFETIME = 600;

/** A body as a JWT, with its content in the claim `message`, for the issuer of the bank (KSA Open Banking, `OBReadConsentSigned`). */
export async function signedBody(client: SigningClient, message: object): Promise<ConsentBody> {
  const { issuer } = await client.endpoints();
  const nbf = issuedAt(new Date());
  const content = await client.signPayload({
    kind: 'jwt',
    claims: { aud: [issuer], iat: nbf, nbf, message },
    issuer: client.profile.clientId,
    lifetime: LIFETIME,
    header: {},
  });
  return { type: 'application/jwt', content };
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
