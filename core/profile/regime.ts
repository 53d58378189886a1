import { OpenBankingError } from '../errors/OpenBankingError';
import { ruleTable } from './regimeTable';
import type { BankSettings } from './settings';

/** The values of the field "Regime". */
export type RegimeChoice =
  | 'automatic'
  | 'australia'
  | 'brazil'
  | 'fapi1'
  | 'fapi2'
  | 'saudiArabia'
  | 'saudiArabiaFapi2'
  | 'uk';

/**
 * A set of conventions of a country or a security profile. Two of them are what `automatic` stands for: `wso2` for banks of that type, and
 * `notChosen` for others.
 */
export type Regime = Exclude<RegimeChoice, 'automatic'> | 'notChosen' | 'wso2';

/** How an authorization request reaches the bank: signed by value, pushed (signed or not), or as plain parameters. */
export type RequestDelivery = 'requestObject' | 'pushedRequestObject' | 'pushed' | 'plain';

/** A requested authentication context (`acr`, OIDC Core §5.5.1.1). */
export interface RequestedAcr {
  /** Whether the ID token must name one of the values, or any value if there are none. */
  readonly essential: boolean;
  /** Each of them is accepted, the preferred one first. */
  readonly values?: readonly string[];
}

/** `typ` of a request object: its own type (RFC 9101 §10.8), or that of any JWT, which older servers expect. */
export type RequestObjectType = 'JWT' | 'oauth-authz-req+jwt';

/** The decisions of a regime. A field of the credential or a node with another value than `automatic` overrides them. */
export interface RegimeRules {
  /** The name of the regime in messages, for example `Brazil`. */
  readonly name: string;
  /** The version of the security profile on which the regime is built. */
  readonly fapi: 1 | 2;
  readonly delivery: RequestDelivery;
  readonly responseType: 'code' | 'code id_token';
  /** `jwt`: the response is signed (JARM). */
  readonly responseMode?: 'jwt';
  /** Whether each answer of the authorization endpoint has `iss` (RFC 9207), also if no metadata says so. */
  readonly namesIssuer?: true;
  readonly acr?: RequestedAcr;
  /** Maximum seconds since the customer's last log-in. */
  readonly maxAge?: number;
  readonly prompt?: string;
  /** Whether the bank leaves `acr` and `auth_time` out of its ID tokens although they were asked for. */
  readonly omitsLogIn?: true;
  /** How the request names the consent: in the claim `openbanking_intent_id`, in the scope, or not at all. */
  readonly nameConsentBy: 'claim' | 'scope' | 'nothing';
  /** Stands before the consent's ID in the scope. */
  readonly consentScopePrefix?: string;
  readonly requestObjectType: RequestObjectType;
  /** `aud` of client assertions. */
  readonly assertionAudience: 'issuer' | 'tokenEndpoint';
  /**
   * How a consent is created at the bank: by JSON of Open Banking UK, by the same in a signed JWT, by JSON of Brazil, or not at all, because
   * the authorization request itself is the consent.
   */
  readonly consentCreation: 'obie' | 'obieSigned' | 'brazil' | 'none';
  /** Scope of the application's token that creates consents; that of the credential if `undefined`. */
  readonly applicationScope?: string;
  /** Replaces the default of the field "Scope", which means nothing in this regime. */
  readonly scope?: string;
  /** Members of the parameter `claims` beside those that the node sets; a person may replace them. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Whether the request says in seconds for how long data is shared (`sharing_duration`), and names an arrangement that it renews. */
  readonly asksSharingDuration?: true;
  /** Whether the account API signs its answers: they are JWTs with the content in the claim `message`. */
  readonly signsAnswers?: true;
  /** Whether the account API is the one that the node Open Banking speaks (Open Banking UK). */
  readonly accountData: 'obie' | 'other';
}

/**
 * The regime of a credential.
 *
 * @param override the field "Regime" of a node; `credential` or `undefined` if the node has none
 * @throws OpenBankingError `field-malformed`
 */
export function regimeOf(
  { regime, bank }: Pick<BankSettings, 'regime' | 'bank'>,
  override?: string,
): Regime {
  const chosen = override && override !== 'credential' ? override : regime || 'automatic';
  if (chosen === 'automatic') return isWso2(bank) ? 'wso2' : 'notChosen';
  if (isChosenRegime(chosen)) return chosen;
  throw new OpenBankingError('field-malformed', {
    problem: 'unknownValue',
    values: { field: 'Regime' },
  });
}

/**
 * The decisions of a regime at a type of bank.
 *
 * WSO2 speaks several regimes, and has habits of its own in each: it has consents of Open Banking UK if the profile says nothing of consents,
 * and it accepts its token endpoint alone as the audience of assertions, except with FAPI 2.
 */
export function rulesOf(regime: Regime, bank: BankSettings['bank']): RegimeRules {
  const { [regime]: rules } = ruleTable;
  if (!isWso2(bank)) return rules;
  const { requestObjectType, omitsLogIn, nameConsentBy, consentCreation } = ruleTable.wso2;
  return {
    ...rules,
    ...{ requestObjectType, omitsLogIn },
    assertionAudience: rules.fapi === 2 ? 'issuer' : 'tokenEndpoint',
    ...((regime === 'fapi1' || regime === 'fapi2') && { nameConsentBy, consentCreation }),
  };
}

function isWso2(bank: BankSettings['bank']): boolean {
  return (bank || 'wso2') === 'wso2';
}

function isChosenRegime(value: string): value is Exclude<Regime, 'notChosen' | 'wso2'> {
  return Object.hasOwn(ruleTable, value) && value !== 'notChosen' && value !== 'wso2';
}
