import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { assertRedirectSize, isAnswer } from '../../core/oauth/authorization/redirect';
import { ADDRESS_FIELD } from './pages/pages';

/** A request at the redirect URI. */
export interface RedirectRequest {
  readonly method: string;
  /** What follows the question mark of the address. */
  readonly query: string;
  /** Media type of the body, without parameters. */
  readonly contentType?: string;
  readonly body?: Buffer;
}

/** The parameters that a request brought, and where in the redirect address they belong. */
export interface Incoming {
  readonly parameters: URLSearchParams;
  readonly part: 'query' | 'fragment';
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * The parameters of the query, of a form that the bank's page posted (`form_post`), or of the fragment that the trigger's page posted.
 *
 * @throws OpenBankingError `redirect-too-large`, `redirect-malformed`
 */
export function incoming({ method, query, contentType, body }: RedirectRequest): Incoming {
  if (method !== 'POST') {
    assertRedirectSize(query);
    return { parameters: new URLSearchParams(query), part: 'query' };
  }
  assertRedirectSize(body);
  if (contentType !== FORM) {
    throw new OpenBankingError('redirect-malformed', {
      message: 'The redirect came in a body that is no form',
      outcome: 'not-sent',
    });
  }
  const form = new URLSearchParams(body?.toString('utf8'));
  const address = form.get(ADDRESS_FIELD);
  if (address === null || isAnswer(form)) return { parameters: form, part: 'query' };
  return { parameters: new URLSearchParams(parametersIn(address.trim())), part: 'fragment' };
}

/** A fragment as the page posts it; a person pastes the whole address. */
function parametersIn(address: string): string {
  const [, fragment] = /^[^=?#]*(?:\?[^#]*)?#(.*)$/s.exec(address) ?? [];
  const [, query] = /^[^=?#]*\?(.*)$/s.exec(address) ?? [];
  return fragment ?? query ?? address;
}
