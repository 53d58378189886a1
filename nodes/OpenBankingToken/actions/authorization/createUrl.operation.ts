import { regimeRulesOf } from '../../../regimeRules';
import { switchOption } from '../../../parameters';
import { pendingAuthorizations, type Operation } from '../operation';
import { askedConsent } from './askedConsent';
import { linkRequest } from './linkRequest';

/**
 * Create Authorization URL: the address at the bank where a customer gives consent (RFC 6749 §4.1.1, RFC 9101, RFC 9126). The request is
 * stored before the address is returned, so that the answer of the customer can be verified.
 */
export const createUrl: Operation = {
  yieldsUserTokens: false,
  async execute(input) {
    const rules = regimeRulesOf(input, input.settings);
    const consent = await askedConsent(input, rules);
    const { request, remarks } = await linkRequest(input, rules, consent);
    const storage = switchOption(input, 'keepPending', 'Keep Pending Authorization', true)
      ? pendingAuthorizations(input)
      : undefined;
    const link = await input.client.authorizationLink(request);
    const { state, nonce, codeVerifier, redirectUri } = link;
    const { responseType, responseMode, authorizationDetails } = request;
    const { id: consentId, name: consentName, renewed, namedBy, scope: consentScope } = consent;
    await storage?.keep({
      ...{ state, nonce, codeVerifier, redirectUri },
      ...{ consentId, consentName, consent: renewed, consentScope },
      // Without this member, the consent is named by the claim.
      ...(consentId && namedBy !== 'claim' && { consentNamedBy: namedBy }),
      ...{ responseType, responseMode, authorizationDetails },
      ...(rules.namesIssuer && { namesIssuer: true }),
      ...link.authentication,
      requestedAt: Math.floor(Date.now() / 1000),
    });
    const stored = renewed ?? consentName;
    const item = {
      ...{ url: link.url, state },
      ...(!storage && nonce && { nonce }),
      ...(!storage && codeVerifier && { code_verifier: codeVerifier }),
      ...(stored && { consent: stored }),
      ...(consentId && { consent_id: consentId }),
      expires_at: link.expiresAt.toISOString(),
    };
    return { items: [item], remarks: [...remarks, ...link.remarks] };
  },
};
