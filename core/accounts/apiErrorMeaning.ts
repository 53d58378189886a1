import type { ErrorCode } from '../errors/catalogue';
import type { Row } from '../errors/entry';
import { apiErrors } from '../errors/rows/apiErrors';
import { descriptionErrors } from '../errors/rows/bankErrors';
import type { ApiWords } from './apiErrorWords';
import { obieMeaning } from './obieCodes';

/** The codes of refusals of the account API. */
export type RefusalCode = Extract<
  ErrorCode,
  | 'consent-not-accepted'
  | 'reauthentication-needed'
  | 'permission-missing'
  | 'account-unknown'
  | 'api-address-wrong'
  | 'application-token-refused'
  | 'scope-missing'
  | 'token-not-accepted'
  | 'api-not-subscribed'
  | 'period-refused'
  | 'api-refused'
  | 'api-limit-reached'
  | 'api-unavailable'
  | 'transport-certificate-refused'
>;

/** The request, as far as it decides what a refusal means. */
interface Context {
  readonly accountId?: string;
  readonly hasPeriod: boolean;
}

const rows = Object.entries<Row>({
  ...apiErrors,
  'transport-certificate-refused': descriptionErrors['transport-certificate-refused'],
}) as [RefusalCode, Row][];

const byCode = new Map(
  rows.flatMap(([code, { gatewayCodes = [], dialectCodes = [] }]) =>
    [...gatewayCodes, ...dialectCodes].map((sign) => [sign, code] as const),
  ),
);

/** Codes of Open Banking UK, without their prefix. */
const byObieCode: ReadonlyMap<string, RefusalCode> = new Map([
  ['reauthenticate', 'reauthentication-needed'],
  ['resource.invalidconsentstatus', 'consent-not-accepted'],
  ['resource.consentmismatch', 'permission-missing'],
  ['resource.notfound', 'account-unknown'],
]);

/**
 * The error code for a refusal. Only its status and its codes decide, because a bank changes its sentences with each release.
 *
 * @returns `token-not-accepted` for each refusal of a token, also that of a stored consent
 */
export function meaningOfRefusal(
  status: number,
  { codes, places, kind }: Pick<ApiWords, 'codes' | 'places' | 'kind'>,
  context: Context,
): RefusalCode {
  // RFC 6585 §4: nothing was processed, whatever the body says.
  if (status === 429) return 'api-limit-reached';
  if (status >= 500 || status === 408) return 'api-unavailable';
  return (
    meaningOfCodes(codes, places, context) ??
    meaningOfStatus(status, codes, kind, context.accountId !== undefined)
  );
}

function meaningOfCodes(
  codes: readonly string[],
  places: readonly string[],
  { accountId, hasPeriod }: Context,
): RefusalCode | undefined {
  for (const code of codes) {
    const obie = obieMeaning(code);
    if (obie === 'field.invaliddate' && hasPeriod) return 'period-refused';
    // The bank names the parameter that it does not like.
    if (obie === 'field.invalid' && hasPeriod && places.some((place) => isDate(place))) {
      return 'period-refused';
    }
    const known = byCode.get(code.toUpperCase()) ?? byObieCode.get(obie ?? '');
    if (known === 'account-unknown' && accountId === undefined) return 'api-address-wrong';
    if (known) return known;
  }
  return codes.includes('insufficient_scope') ? 'scope-missing' : undefined;
}

function isDate(place: string): boolean {
  return /BookingDateTime/i.test(place);
}

function meaningOfStatus(
  status: number,
  codes: readonly string[],
  kind: ApiWords['kind'],
  isOfAccount: boolean,
): RefusalCode {
  // Redirects are not followed: another server would get the token.
  if (status < 400) return 'api-address-wrong';
  switch (status) {
    case 400:
      // WSO2's answer for a consent that expired or was revoked.
      return codes.includes('Forbidden') ? 'consent-not-accepted' : 'api-refused';
    case 401:
      return 'token-not-accepted';
    case 403:
      // A page or a text comes from a gateway or firewall, which knows no consents.
      return kind === 'page' || kind === 'text' ? 'api-refused' : 'permission-missing';
    case 404:
    case 410:
      return isOfAccount ? 'account-unknown' : 'api-address-wrong';
    case 405:
      return 'api-address-wrong';
    default:
      return 'api-refused';
  }
}
