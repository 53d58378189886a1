import type { IDataObject } from 'n8n-workflow';
import { consentTokens, type Operation } from '../operation';
import { consentParameter } from '../../../parameters';
import type { TokenSet } from '../../../../core/oauth/grants/tokenSet';
import { accessTokenOf, givenToken, isTokenGiven } from './managedToken';

/** Introspect (RFC 7662): returns the bank's answer about a token unchanged. */
export const introspect: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    if (isTokenGiven(input)) {
      const answer = await input.client.introspect(givenToken(input));
      return { items: [answer as IDataObject], remarks: [] };
    }
    const consent = consentParameter(input);
    const tokens = await consentTokens(input).stored(consent);
    const answer = await input.client.introspect(accessTokenOf(tokens));
    return { items: [{ consent, ...answer }], remarks: inactiveRemarks(consent, tokens, answer) };
  },
};

/** A warning if the bank says that a stored token is not active, although its time is not over. */
function inactiveRemarks(
  consent: string,
  { expires_at: expiresAt }: Pick<TokenSet, 'expires_at'>,
  { active }: Readonly<Record<string, unknown>>,
): string[] {
  if (active !== false || expiresAt === undefined || Date.parse(expiresAt) <= Date.now()) return [];
  return [
    `The bank says that the token of consent "${consent}" is not active, and it was issued until ${expiresAt}. Either the bank ended it, or it only says so: some servers do if the token is meant for another audience than this client ("aud"), Keycloak for example. The account API shows which of the two it is.`,
  ];
}
