import type { Endpoints } from '../../profile/endpoints';
import type { Bank } from '../bank/bank';
import { jwtFailure, responseJwtKind } from './jwtKind';
import { verifyBankJwt } from './verifyBankJwt';

/** Parameters that a response JWT must not contain: those of other flows, and another response JWT. */
const FOREIGN = ['response', 'id_token', 'token'];

/**
 * The parameters of a redirect in a response JWT (JARM §2.4). The JWT is signed, and may be encrypted. Its signature, `alg`, `iss`, `aud`,
 * `exp` and `nbf` are verified. The parameters themselves are not checked.
 *
 * @param response the parameter `response` of the redirect
 * @throws OpenBankingError `jwt-…`, `jwks-unusable`, with the outcome `not-sent`
 */
export async function responseJwtParameters(
  response: string,
  bank: Bank,
  endpoints: Endpoints,
): Promise<URLSearchParams> {
  const claims = await verifyBankJwt(response, bank, endpoints, responseJwtKind);
  const texts = Object.entries(claims).filter(
    (claim): claim is [string, string] => typeof claim[1] === 'string' && claim[0] !== 'aud',
  );
  const parameters = new URLSearchParams(texts);
  const foreign = FOREIGN.find((name) => parameters.has(name));
  if (foreign === undefined) return parameters;
  throw jwtFailure(responseJwtKind, 'jwt-malformed', {
    problem: 'foreign',
    values: { claim: foreign },
  });
}
