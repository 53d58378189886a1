import { OpenBankingError } from '../errors/OpenBankingError';
import { isJsonObject } from '../lib/json';
import type { BankClient } from '../oauth/client';
import { isSuccessStatus } from '../transport/oddAnswer';
import type { HttpResponse } from '../transport/send';
import { parseExactly } from './exactJson';

/** The client of the bank, as far as it verifies what the bank signed. */
export type VerifyingClient = Pick<BankClient, 'profile' | 'endpoints' | 'verifyPayload'>;

/** Media types of the answers of a bank that signs them; refusals may be unsigned. */
export const JSON_AND_JWT = 'application/jwt, application/json';

/** Takes the signature off an answer. */
export interface SignedAnswers {
  readonly plain: (response: HttpResponse) => Promise<HttpResponse>;
}

/** Takes the signatures off the answers of a bank whose regime signs them; nothing for other banks. */
export function signedAnswersOf(client: VerifyingClient): Partial<SignedAnswers> {
  if (!client.profile.rules.signsAnswers) return {};
  return { plain: (response) => plainAnswer(client, response) };
}

/**
 * The answer as unsigned JSON, with the content of the claim `message` (KSA Open Banking, `OBReadAccountSigned` and others). The signature of a
 * JWT is verified with the bank's keys, its issuer, and its audience if it has one: the standard does not demand that one (`Jwt`).
 *
 * @param mustBeSigned whether a success that is no JWT is refused, whatever its media type says; otherwise it is returned as it is
 * @throws OpenBankingError `jwks-unusable`, `jwt-…`, `payload-claim` for a success. A refusal that cannot be verified is returned as it is
 */
export async function plainAnswer(
  client: VerifyingClient,
  response: HttpResponse,
  mustBeSigned = false,
): Promise<HttpResponse> {
  const { headers, body, status } = response;
  const isSaidToBeSigned = /\bjwt\b/i.test(headers['content-type'] ?? '');
  if (!isSaidToBeSigned && !(mustBeSigned && isSuccessStatus(status))) return response;
  try {
    const { issuer } = await client.endpoints();
    const { text } = await client.verifyPayload({
      ...{ signed: body.toString('utf8'), issuer },
      audienceIfAny: client.profile.clientId,
    });
    return {
      ...response,
      headers: { ...headers, 'content-type': 'application/json' },
      body: Buffer.from(contentOf(text)),
    };
  } catch (error) {
    if (error instanceof OpenBankingError && !isSuccessStatus(status)) return response;
    throw error;
  }
}

/** The claim `message` as JSON. Numbers that `JSON.parse` would change are text in it. */
function contentOf(claims: string): string {
  try {
    const { value } = parseExactly(Buffer.from(claims));
    const content = isJsonObject(value) && 'message' in value ? value.message : value;
    return JSON.stringify(content);
  } catch (error) {
    if (error instanceof SyntaxError) return claims;
    throw error;
  }
}
