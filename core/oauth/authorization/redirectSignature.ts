import { OpenBankingError } from '../../errors/OpenBankingError';

/** The parameter that signs a redirect: a response JWT (JARM), the ID token that comes with the code, or none. */
export type RedirectSignature = 'response' | 'id_token' | 'none';

/** The signature that a redirect has. */
export function signatureOf(parameters: URLSearchParams): RedirectSignature {
  if (parameters.get('response')) return 'response';
  return parameters.get('id_token') ? 'id_token' : 'none';
}

/** The signature that an authorization request asks for. */
export function signatureAskedFor(responseType: string, responseMode?: string): RedirectSignature {
  // `jwt`, `query.jwt`, `fragment.jwt`, `form_post.jwt` (JARM §2.3).
  if (responseMode && /(?:^|\.)jwt$/.test(responseMode)) return 'response';
  return responseType.split(' ').includes('id_token') ? 'id_token' : 'none';
}

/**
 * Asserts that a redirect has the signature that was asked for. An attacker who can change a redirect could remove the signature.
 *
 * @throws OpenBankingError `redirect-incomplete`
 */
export function assertSignature(asked: RedirectSignature, present: RedirectSignature): void {
  if (asked === 'none' || asked === present) return;
  throw new OpenBankingError('redirect-incomplete', { problem: asked, outcome: 'not-sent' });
}
