import type { IDataObject } from 'n8n-workflow';
import { consentTokens, type Operation } from '../operation';
import { consentParameter } from '../../../parameters';
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
    return { items: [{ consent, ...answer }], remarks: [] };
  },
};
