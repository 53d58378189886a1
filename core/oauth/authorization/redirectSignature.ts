import { OpenBankingError } from '../../errors/OpenBankingError';

/** The parameter whose signature vouches for a redirect: the JWT around everything (JARM), or the ID token beside the code. */
export type RedirectSignature = 'response' | 'id_token' | 'none';

/** What signs a redirect, as it came. */
export function signatureOf(parameters: URLSearchParams): RedirectSignature {
  if (parameters.get('response')) return 'response';
  return parameters.get('id_token') ? 'id_token' : 'none';
}

/** What an authorization request asked the answer to be signed with. */
export function signatureAskedFor(responseType: string, responseMode?: string): RedirectSignature {
  // `jwt`, `query.jwt`, `fragment.jwt`, `form_post.jwt` (JARM §2.3).
  if (responseMode && /(?:^|\.)jwt$/.test(responseMode)) return 'response';
  return responseType.split(' ').includes('id_token') ? 'id_token' : 'none';
}

/**
 * Somebody who can change a redirect could leave its signature out: then it is not what was asked for.
 *
 * @throws OpenBankingError `redirect-incomplete`
 */
export function assertSignature(asked: RedirectSignature, present: RedirectSignature): void {
  if (asked === 'none' || asked === present) return;
  const lacking = asked === 'id_token' ? 'ID token' : 'signed answer ("response")';
  throw new OpenBankingError('redirect-incomplete', {
    message: `The redirect carries no ${lacking}, although one was asked for`,
    outcome: 'not-sent',
  });
}
