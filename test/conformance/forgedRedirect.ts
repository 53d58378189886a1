import { redirectIdToken, responseJwt, type Forgery } from '../support/bank/idTokens';

/** The consent that the customer is asked for. */
export const CONSENT = 'consent-1';

/** `state` of the authorization request. */
export const STATE = 's-1';

/** The differences between a redirect and a good one. */
export interface ForgedRedirect {
  /** The kind of redirect; `hybrid`, with an ID token in the fragment, if not given. */
  redirect?: 'hybrid' | 'code' | 'jarm';
  /** Changes to the ID token in the redirect. */
  redirectIdToken?: Forgery;
  /** Changes to the response JWT. */
  responseJwt?: Forgery;
  /** Parameters that replace those of the redirect; `undefined` removes one. */
  parameters?: Record<string, string | undefined>;
  /** Text at the end of the address. */
  appended?: string;
}

/** The address that the bank redirects the customer's browser to. */
export async function forgedRedirect(
  code: string,
  clientId: string,
  { redirect = 'hybrid', parameters, appended = '', ...forged }: ForgedRedirect,
): Promise<string> {
  const given = { code, state: STATE };
  const answer: Record<string, string> = Object.fromEntries(
    Object.entries({ ...given, ...parameters }).filter(([, value]) => value !== undefined),
  );
  const address = (separator: string, of: Record<string, string>) =>
    `https://app.example/redirect${separator}${new URLSearchParams(of).toString()}${appended}`;
  switch (redirect) {
    case 'code':
      return address('?', answer);
    case 'jarm': {
      const { claims = {}, ...forgery } = forged.responseJwt ?? {};
      const response = await responseJwt(answer, {
        ...forgery,
        claims: { aud: clientId, ...claims },
      });
      return address('?', { response });
    }
    case 'hybrid': {
      const forgery = forClient(clientId, forged.redirectIdToken);
      return address('#', { id_token: await redirectIdToken(given, forgery), ...answer });
    }
  }
}

/** The changes of an ID token, with this client as its audience and the consent. */
export function forClient(clientId: string, { claims = {}, ...forgery }: Forgery = {}): Forgery {
  return { ...forgery, claims: { aud: clientId, openbanking_intent_id: CONSENT, ...claims } };
}
