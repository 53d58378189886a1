import { OpenBankingError } from '../../errors/OpenBankingError';
import { plainText } from '../../lib/displayText';
import { isJsonObject } from '../../lib/json';
import type { RequestedAcr } from '../../profile/regime';
import type { ExpectedAuthentication, LogInClaim } from '../jwt/idTokenClaims';

/** The claims that an authorization request asks for (OIDC Core §5.5). */
export interface RequestedClaims {
  /** The consent that the claim `openbanking_intent_id` names. */
  readonly consentId?: string;
  readonly acr?: RequestedAcr;
  /** Further members of the parameter `claims`, see {@link furtherClaimsOf}. */
  readonly furtherClaims?: Readonly<Record<string, unknown>>;
}

/** The members of the parameter `claims` that have claims by their names. The others are of the bank, such as `sharing_duration`. */
const DESTINATIONS = ['id_token', 'userinfo'] as const;

type Destination = (typeof DESTINATIONS)[number];

/** Claims by their names. */
type Claims = Readonly<Record<string, unknown>>;

const LABEL = 'Further Claims';

/**
 * The parameter `claims`; `undefined` if no claim is asked for. UK Open Banking and WSO2 expect the consent both for the ID token and for
 * the userinfo endpoint.
 *
 * @throws OpenBankingError `field-malformed` if the further claims have one that the request sets itself
 */
export function requestedClaims({
  consentId,
  acr,
  furtherClaims = {},
}: RequestedClaims): Claims | undefined {
  const intent = consentId ? { openbanking_intent_id: { value: consentId, essential: true } } : {};
  const own: Record<Destination, Claims> = {
    id_token: { ...(acr && { acr: requestedAcr(acr) }), ...intent },
    userinfo: intent,
  };
  const claims: Record<string, unknown> = { ...furtherClaims };
  for (const destination of DESTINATIONS) {
    const further = (furtherClaims[destination] ?? {}) as Claims;
    for (const name of Object.keys(further)) {
      if (Object.hasOwn(own[destination], name)) throw ownClaim(name, destination);
    }
    const all = { ...own[destination], ...further };
    if (Object.keys(all).length > 0) claims[destination] = all;
    else delete claims[destination];
  }
  return Object.keys(claims).length > 0 ? claims : undefined;
}

function requestedAcr({ essential, values = [] }: RequestedAcr): Claims {
  return { ...(values.length > 0 && { values }), ...(essential && { essential }) };
}

function ownClaim(name: string, destination: Destination): OpenBankingError {
  const way =
    name === 'acr'
      ? 'set "ACR" to "Not Requested"'
      : 'set "Name the Consent By" to another value than the claim';
  return new OpenBankingError('field-malformed', {
    problem: 'reserved',
    values: { field: LABEL, name: `${destination}.${name}` },
    description: `Remove it from "${LABEL}", or ${way}. Nothing was sent.`,
  });
}

/**
 * Reads further claims.
 *
 * @param given the JSON object of the field
 * @throws OpenBankingError `field-malformed`
 */
export function furtherClaimsOf(
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const claims = { ...given };
  for (const destination of DESTINATIONS) {
    const { [destination]: asked } = claims;
    if (asked === undefined) continue;
    // `null` asks for no claim.
    if (asked === null) delete claims[destination];
    else assertClaims(asked, destination);
  }
  return claims;
}

/** Asserts that the claims of a destination have the form of OIDC Core §5.5.1. */
function assertClaims(asked: unknown, destination: Destination): void {
  if (!isJsonObject(asked)) {
    throw malformed(`"${destination}", which is no object`);
  }
  for (const [name, wanted] of Object.entries(asked)) {
    if (wanted === null || isJsonObject(wanted)) continue;
    throw malformed(`"${destination}.${name}", which is neither an object nor null`);
  }
}

function malformed(content: string): OpenBankingError {
  return new OpenBankingError('field-malformed', {
    problem: 'foreign',
    values: { field: LABEL, content: plainText(content) },
    description:
      'Give a JSON object in the form of the parameter "claims", for example {"id_token": {"auth_time": {"essential": true}}} (OpenID Connect Core, section 5.5). Nothing was sent.',
  });
}

/**
 * The log-in that a request asks for: the values that ID tokens are compared with, and the claims that they must have. An essential `acr`
 * must be there (OIDC Core §5.5.1.1), and `auth_time` if it is essential or a maximum age was asked for (OIDC Core §2).
 *
 * @param claims the parameter `claims`, see {@link requestedClaims}
 */
export function authenticationAskedFor(
  claims: Claims | undefined,
  maxAge: number | undefined,
): ExpectedAuthentication {
  const { id_token: idToken } = claims ?? {};
  const { acr, auth_time: time } = (idToken ?? {}) as Record<string, unknown>;
  const isAcrEssential = isEssential(acr);
  const acrValues = isAcrEssential ? valuesOf(acr) : [];
  const requiredClaims: LogInClaim[] = [
    ...(isAcrEssential ? (['acr'] as const) : []),
    ...(maxAge !== undefined || isEssential(time) ? (['auth_time'] as const) : []),
  ];
  return {
    ...(acrValues.length > 0 && { acrValues }),
    ...(maxAge !== undefined && { maxAge }),
    ...(requiredClaims.length > 0 && { requiredClaims }),
  };
}

function isEssential(wanted: unknown): wanted is Record<string, unknown> {
  return isJsonObject(wanted) && wanted.essential === true;
}

function valuesOf({ value, values }: Record<string, unknown>): string[] {
  const all: unknown[] = Array.isArray(values) ? values : [value];
  return all.filter((one) => typeof one === 'string');
}
