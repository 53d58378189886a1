import type { JWTPayload } from 'jose';
import type { RegimeName } from '../../../sandbox/regimes/regime';

/** The parameters of an authorization request that a bank of a regime accepts, without those of the client, its state and its times. */
export function goodParameters(regime: RegimeName, consent: string): JWTPayload {
  const code = { response_type: 'code' };
  const hybrid = { response_type: 'code id_token' };
  const acr = (values?: string[]) => ({
    id_token: { acr: { essential: true, ...(values && { values }) } },
  });
  switch (regime) {
    case 'fapi1':
      return { ...hybrid, scope: 'openid accounts' };
    case 'fapi2':
      return { ...code, scope: 'openid accounts' };
    case 'brazil':
      return { ...hybrid, scope: `openid accounts consent:${consent}`, claims: acr() };
    case 'australia':
      return {
        ...code,
        response_mode: 'jwt',
        scope: 'openid bank:accounts.basic:read',
        claims: { sharing_duration: 7_776_000, ...acr(['urn:cds.au:cdr:2']) },
      };
    case 'saudiArabia':
      return { ...hybrid, scope: `openid accounts:${consent}` };
    case 'saudiArabiaFapi2':
      return { ...code, scope: `openid accounts:${consent}` };
    default:
      return {
        ...hybrid,
        scope: 'openid accounts',
        claims: {
          id_token: {
            ...acr(['urn:openbanking:psd2:sca']).id_token,
            openbanking_intent_id: { value: consent, essential: true },
          },
        },
      };
  }
}
