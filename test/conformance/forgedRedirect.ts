import { redirectIdToken, responseJwt, type Forgery } from '../support/idTokens';

/** The consent that the customer is asked for. */
export const CONSENT = 'consent-1';

/** Of the authorization request. */
export const STATE = 's-1';

/** In what a redirect differs from a good one. */
export interface ForgedRedirect {
  /** How it comes; with an ID token in the fragment if not given. */
  redirect?: 'hybrid' | 'code' | 'jarm';
  /** Done to the ID token in it. */
  redirectIdToken?: Forgery;
  /** Done to the response JWT. */
  responseJwt?: Forgery;
  /** In place of its parameters. */
  parameters?: Record<string, string | undefined>;
  /** Put at its end. */
  appended?: string;
}

/** The address that a customer's browser comes back with. */
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

/** An ID token for this client, which names the consent, with what is done to it. */
export function forClient(clientId: string, { claims = {}, ...forgery }: Forgery = {}): Forgery {
  return { ...forgery, claims: { aud: clientId, openbanking_intent_id: CONSENT, ...claims } };
}
