import {
  assertRedirectSize,
  isAnswer,
  plusRemarks,
  redirectMalformed,
  redirectParameters,
  redirectParts,
} from '../../core/oauth/authorization/redirectParameters';
import { ADDRESS_FIELD } from './pages/pages';

/** A request to the redirect URI. */
export interface RedirectRequest {
  readonly method: string;
  /** The part of the address after the question mark. */
  readonly query: string;
  /** Media type of the body, without parameters. */
  readonly contentType?: string;
  readonly body?: Buffer;
}

/** The parameters of a request, and the part of the redirect address that they belong to. */
export interface Incoming {
  readonly parameters: URLSearchParams;
  readonly part: 'query' | 'fragment';
  /** Warnings. */
  readonly remarks: readonly string[];
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads the parameters: from the query, from a form that the bank's page posted (`form_post`), or from the fragment that the trigger's page
 * posted.
 *
 * @throws OpenBankingError `redirect-too-large`, `redirect-malformed`
 */
export function incoming({ method, query, contentType, body }: RedirectRequest): Incoming {
  if (method !== 'POST') {
    assertRedirectSize(query);
    return incomingOf(query, redirectParameters(query), 'query');
  }
  assertRedirectSize(body);
  if (contentType !== FORM) throw redirectMalformed({ problem: 'form' });
  const text = body?.toString('utf8') ?? '';
  const form = redirectParameters(text);
  const address = form.get(ADDRESS_FIELD);
  if (address === null || isAnswer(form)) return incomingOf(text, form, 'query');
  return incomingOf(address, postedParameters(address.trim()), 'fragment');
}

function incomingOf(
  text: string,
  parameters: URLSearchParams,
  part: 'query' | 'fragment',
): Incoming {
  return { parameters, part, remarks: plusRemarks(text) };
}

/**
 * The parameters of the answer. The page posts only the fragment; a person pastes the whole address, whose query may belong to the redirect
 * URI.
 */
function postedParameters(address: string): URLSearchParams {
  const { query, fragment } = redirectParts(address) ?? {};
  if (fragment && isAnswer(fragment)) return fragment;
  return query ?? new URLSearchParams();
}
