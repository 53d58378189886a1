import { OpenBankingError } from '../errors/OpenBankingError';
import type { Endpoints } from './endpoints';
import { regimeOf, rulesOf } from './regime';
import type { BankSettings } from './settings';

/** Returns the `aud` of an assertion for a request to the address `called`: one string, never a list. */
export type Audience = (endpoints: Endpoints, called: string) => string;

/**
 * Chooses the `aud` of assertions by the field "Audience".
 *
 * The issuer is the safe value (RFC 7523bis, FAPI 2 §5.3.3.1). WSO2 refuses it outside FAPI 2 and requires its token endpoint, also at the
 * gateway: the regime decides. With discovery only the issuer can be used, because it is part of the credential. The metadata of a malicious
 * server could name an endpoint of an honest server (CVE-2025-27370).
 *
 * @throws OpenBankingError `field-missing`, `field-malformed`
 */
export function audienceOf(settings: BankSettings): Audience {
  const kind = settings.audience || 'automatic';
  switch (kind) {
    case 'automatic':
      return rulesOf(regimeOf(settings), settings.bank).assertionAudience === 'issuer'
        ? issuer
        : tokenEndpoint;
    case 'issuer':
      return issuer;
    case 'tokenEndpoint':
    case 'endpoint':
      if (settings.bank === 'discovery') {
        throw new OpenBankingError('field-malformed', {
          problem: 'endpointAudience',
          description:
            'Choose "Issuer", or "Custom Value" with the address that the bank documents. If the bank wants the address of each endpoint, set "Bank" to "Custom Endpoints", and fill the endpoints in.',
        });
      }
      return kind === 'endpoint' ? (_, called) => called : tokenEndpoint;
    case 'custom': {
      const value = settings.audienceValue?.trim();
      if (!value) {
        throw new OpenBankingError('field-missing', {
          problem: 'empty',
          values: { field: 'Audience Value' },
          description:
            'Fill in "Audience Value", or choose another kind of audience in the credential.',
        });
      }
      return () => value;
    }
    default:
      throw new OpenBankingError('field-malformed', {
        problem: 'unknownValue',
        values: { field: 'Audience' },
      });
  }
}

const issuer: Audience = (endpoints) => endpoints.issuer;
const tokenEndpoint: Audience = (endpoints) => endpoints.token.url;
