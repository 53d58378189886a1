import { FAPI1 } from './fapi1';
import type { Regime } from './regime';

/** Levels of authentication in UK Open Banking's words: strong customer authentication, and any. */
const ACR = { sca: 'urn:openbanking:psd2:sca', ca: 'urn:openbanking:psd2:ca' } as const;

/**
 * UK Open Banking (Open Banking Security Profile, Implementer's Draft 1.1.2, on FAPI 1.0 Advanced). The profile has the consent and `acr`
 * in the claims of every request, both essential. This bank refuses requests without them.
 */
export const UK: Regime = {
  ...FAPI1,
  name: 'uk',
  acr: { given: ACR.sca, known: [ACR.ca] },
  consentNaming: { byClaim: true, mayNameNone: false },
  requestRules: [
    ...FAPI1.requestRules,
    {
      source: 'UK Open Banking Security Profile, Hybrid Grant Parameters (openbanking_intent_id)',
      demand:
        'the claim openbanking_intent_id of id_token is essential, and its value is the ConsentId',
      isBroken: ({ claims: { id_token } }) =>
        !id_token?.openbanking_intent_id?.essential ||
        typeof id_token.openbanking_intent_id.value !== 'string',
    },
    {
      source: 'UK Open Banking Security Profile, Hybrid Grant Parameters (acr)',
      demand: `the claim acr of id_token is essential, with the values ${ACR.sca} or ${ACR.ca}`,
      isBroken: ({ claims: { id_token } }) => {
        const { essential, value, values = [value] } = id_token?.acr ?? {};
        const known: unknown[] = Object.values(ACR);
        return !essential || !values.some((each) => known.includes(each));
      },
    },
  ],
};
