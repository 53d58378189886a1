import type { IncomingHttpHeaders } from 'node:http';
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT, type JWK, type JWTPayload } from 'jose';
import { badRequest } from '../apiErrors';
import type { Registrations } from '../clients';
import type { ApiAnswer } from '../gatewayAccess';

/** Longest life of a signed consent request in seconds. */
const HOUR = 3_600;

/** `application/jwt`, with any parameters. */
const JWT_TYPE = /^application\/jwt\b/i;

/**
 * Consents that are created by a signed request (KSA Open Banking Standard 2024.09.01, Account Information API,
 * `OBCreateConsentRequestSigned`): a JWT whose claim `message` is the request, and an answer in the same form. The claims are those that the
 * OpenID conformance suite sends and checks. The standard signs account data, too: the bank does so for clients that read it.
 */
export class SignedConsents {
  constructor(
    private readonly issuer: string,
    private readonly registrations: Registrations,
    private readonly signingKey: JWK,
  ) {}

  /**
   * Returns the JSON of a signed request.
   *
   * @throws ApiError if it is not signed as the standard wants it
   */
  async open(headers: IncomingHttpHeaders, body: string, clientId: string): Promise<string> {
    if (!JWT_TYPE.test(headers['content-type'] ?? '')) {
      throw refused('the Content-Type of a consent request is application/jwt');
    }
    const { payload, fault } = await this.verify(body, clientId);
    if (!payload) throw refused(`a consent request is a JWT signed by the client: ${fault}`);
    const { iat, nbf, exp, message } = payload;
    if (iat === undefined || nbf === undefined || exp === undefined || exp - nbf > HOUR) {
      throw refused('a consent request has iat, nbf and exp, and lives for an hour at most');
    }
    if (typeof message !== 'object' || message === null) {
      throw refused('a consent request has a claim "message" with Data and Risk');
    }
    return JSON.stringify(message);
  }

  /** Signs an answer, if it has a body. */
  async seal(answer: ApiAnswer): Promise<ApiAnswer> {
    const { status, body } = answer;
    if (body === undefined) return answer;
    const now = Math.floor(Date.now() / 1000);
    const jwt = await new SignJWT({
      iss: this.issuer,
      iat: now,
      nbf: now,
      exp: now + HOUR,
      message: body,
    })
      .setProtectedHeader({ alg: 'PS256', typ: 'JWT', kid: this.signingKey.kid })
      .sign(await importJWK(this.signingKey, 'PS256'));
    return { status, jwt };
  }

  private async verify(
    jwt: string,
    clientId: string,
  ): Promise<{ payload?: JWTPayload; fault?: string }> {
    const { jwks } = (await this.registrations.find(clientId)) ?? {};
    const keys = createLocalJWKSet(jwks as { keys: JWK[] });
    try {
      const { payload } = await jwtVerify(jwt.trim(), keys, {
        issuer: clientId,
        audience: this.issuer,
        algorithms: ['PS256'],
        clockTolerance: 5,
      });
      return { payload };
    } catch (error) {
      return { fault: (error as Error).message };
    }
  }
}

function refused(demand: string) {
  return badRequest('UK.OBIE.Resource.InvalidFormat', `KSA Account Information API: ${demand}`);
}
