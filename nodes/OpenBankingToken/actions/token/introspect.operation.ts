import type { IDataObject } from 'n8n-workflow';
import { consentParameter } from '../consentField';
import { keptTokens, optionsWith, shownFor, textParameter, type Operation } from '../operation';
import { accessTokenOf, givenToken, managedTokenFields } from './managedToken';

/** Introspect (RFC 7662): what the bank says about a token, as it sent it. */
export const introspect: Operation = {
  yieldsUserTokens: false,
  fields: shownFor('introspect', [...managedTokenFields, optionsWith()]),
  async execute(input) {
    const { introspectToken } = await import('../../../../core/oauth/grants/tokenManagement');
    if (textParameter(input, 'tokenFrom') === 'field') {
      return {
        items: [(await introspectToken(input.profile, givenToken(input))) as IDataObject],
        remarks: [],
      };
    }
    const consent = await consentParameter(input);
    const tokens = await (await keptTokens(input)).stored(consent);
    const answer = await introspectToken(input.profile, accessTokenOf(tokens));
    return { items: [{ consent, ...answer }], remarks: [] };
  },
};
