import type { MessageDetails } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';

/** Parameters that only the answer of a bank has. */
const ANSWERING = ['state', 'code', 'error', 'response', 'id_token', 'access_token'] as const;

/** Parameters that a bank sends in a redirect. */
const SENT_BY_BANKS = new Set<string>([
  ...ANSWERING,
  ...['iss', 'error_description', 'error_uri', 'scope'],
]);

/** Maximum number of characters in a redirect. A redirect with an encrypted JWT has a few thousand. */
const MAXIMUM = 64 * 1024;

/** @throws OpenBankingError `redirect-too-large` */
export function assertRedirectSize(redirect: { readonly length: number } | undefined): void {
  if (redirect && redirect.length > MAXIMUM) {
    throw new OpenBankingError('redirect-too-large', { outcome: 'not-sent' });
  }
}

/** Whether parameters are the answer of a bank, complete or not. */
export function isAnswer(parameters: URLSearchParams): boolean {
  return ANSWERING.some((name) => parameters.has(name));
}

/** Finds the parameters in a query or fragment that have no spaces: codes, JWTs and addresses. */
const WITHOUT_SPACES = /((?:^|[?#&])(code|id_token|response|iss)=)([^&#]*)/g;

/**
 * Reads a query, a form or a fragment. A `+` in a code, a JWT or an address is not a space but itself: some banks do not encode it.
 *
 * @param text without `?` or `#` before it
 */
export function redirectParameters(text: string): URLSearchParams {
  return new URLSearchParams(
    text.replace(
      WITHOUT_SPACES,
      (_, start: string, _name, value: string) => start + value.replaceAll('+', '%2B'),
    ),
  );
}

/** A warning if parameters that have no spaces contain a `+` that is not encoded. @param text a redirect, or a part of it */
export function plusRemarks(text: string): string[] {
  const found = [...text.matchAll(WITHOUT_SPACES)].filter(([, , , value]) => value?.includes('+'));
  if (found.length === 0) return [];
  const names = [...new Set(found.map(([, , name]) => `"${name}"`))].join(' and ');
  return [
    `The redirect has "+" in ${names}, which means a space there. ${names} cannot have spaces, so that the sign itself was read. Ask the bank to send it as "%2B".`,
  ];
}

/** The parameters of a redirect, by the part of its address. */
export interface RedirectParts {
  readonly query: URLSearchParams;
  readonly fragment: URLSearchParams;
}

/**
 * Splits the address of a redirect, or the part of it that a person copied.
 *
 * @param text without white space around it; parameters without `?` or `#` count as the query
 * @returns `undefined` if the text is no address and has no parameter of a bank, for example a bare code
 */
export function redirectParts(text: string): RedirectParts | undefined {
  const isUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  if (!isUrl && !ANSWERING_PARAMETER.test(text)) return undefined;
  const fromQueryOn = isUrl || /^[^=]*[?#]/.test(text) ? text.replace(/^[^?#]*/, '') : `?${text}`;
  const [query = '', ...fragment] = fromQueryOn.split('#');
  return {
    query: redirectParameters(query.replace(/^\?/, '')),
    fragment: redirectParameters(fragment.filter(Boolean).join('&')),
  };
}

const ANSWERING_PARAMETER = new RegExp(`(?:^|[?#&])(?:${ANSWERING.join('|')})=`);

/**
 * Asserts that no parameter comes twice (RFC 6749 §3.1). If there is a response JWT, also asserts that the answer is in it alone: other
 * parameters are not signed (JARM §2.1).
 *
 * @param whose `all` parameters, or those that the `bank` sends; the redirect URI may have others, and the bank may repeat them
 * @throws OpenBankingError `redirect-malformed`
 */
export function assertUnambiguous(parameters: URLSearchParams, whose: 'all' | 'bank'): void {
  for (const name of whose === 'all' ? new Set(parameters.keys()) : SENT_BY_BANKS) {
    if (parameters.getAll(name).length < 2) continue;
    // An attacker may have chosen the name, so it must not reach a log.
    const parameter = SENT_BY_BANKS.has(name) ? `"${name}"` : 'a parameter';
    throw redirectMalformed({ problem: 'repeated', values: { parameter } });
  }
  if (!parameters.has('response')) return;
  if (['code', 'error', 'id_token'].some((name) => parameters.has(name))) {
    throw redirectMalformed({ problem: 'besideJwt' });
  }
}

/** The error `redirect-malformed`. No code was sent. */
export function redirectMalformed(details: MessageDetails<'redirect-malformed'>): OpenBankingError {
  return new OpenBankingError('redirect-malformed', { ...details, outcome: 'not-sent' });
}
