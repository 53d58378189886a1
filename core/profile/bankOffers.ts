import { OpenBankingError } from '../errors/OpenBankingError';
import { plainText } from '../lib/displayText';
import { secretHider, type SecretHider } from '../lib/hiddenSecrets';
import { listedNames, shownNames, unofferedAlgorithm } from './offeredAlgorithms';
import type { OfferedAlgorithms } from './offeredAlgorithms';
import type { Profile } from './profile';

/** The statements of a bank's metadata about clients and requests (RFC 8414 §2); a member is `undefined` if the metadata lacks it. */
export interface BankOffers {
  /** `token_endpoint_auth_methods_supported`. */
  readonly clientAuthentication?: readonly string[];
  /** `acr_values_supported` (OIDC Discovery §3). */
  readonly acrValues?: readonly string[];
  /** `response_modes_supported`. */
  readonly responseModes?: readonly string[];
  /** `tls_client_certificate_bound_access_tokens` (RFC 8705 §3.3). */
  readonly bindsToCertificates?: boolean;
  /** Whether it lists algorithms of DPoP (RFC 9449 §5.1). */
  readonly speaksDpop: boolean;
  /** Whether it accepts only pushed authorization requests: `require_pushed_authorization_requests` (RFC 9126 §5). */
  readonly requiresPush?: true;
}

/** Endpoints, as far as their metadata is compared with a credential. */
interface WithOffers {
  readonly offers?: BankOffers;
  readonly algorithms?: OfferedAlgorithms;
}

/**
 * Reads what metadata offers.
 *
 * @param hide hides values of the request in the names
 */
export function bankOffersIn(
  metadata: Readonly<Record<string, unknown>>,
  hide: SecretHider = secretHider([]),
): BankOffers {
  const listed = (member: string) => listedNames(metadata[member], hide);
  const { tls_client_certificate_bound_access_tokens: bound } = metadata;
  return {
    clientAuthentication: listed('token_endpoint_auth_methods_supported'),
    acrValues: listed('acr_values_supported'),
    responseModes: listed('response_modes_supported'),
    ...(typeof bound === 'boolean' && { bindsToCertificates: bound }),
    speaksDpop: (listed('dpop_signing_alg_values_supported') ?? []).length > 0,
    ...(metadata.require_pushed_authorization_requests === true && { requiresPush: true }),
  };
}

/**
 * Warnings about the client authentication of a credential that metadata does not offer: the method, or the algorithm of the assertion. They
 * are hints only, because banks accept what their metadata does not list.
 */
export function clientRemarks(
  { authentication: { method }, signer }: Pick<Profile, 'authentication' | 'signer'>,
  { offers, algorithms }: WithOffers,
): OpenBankingError[] {
  const offered = offers?.clientAuthentication;
  return [
    offered && !offered.includes(method)
      ? unoffered(method, 'client authentication', offered)
      : undefined,
    signer && unofferedAlgorithm(algorithms, 'clientAssertion', signer.algorithm),
  ].filter((remark) => remark !== undefined);
}

/**
 * A warning about the binding of tokens: the bank may want DPoP, or does not bind tokens to certificates.
 *
 * @returns at most one
 */
export function bindingRemarks({ offers }: WithOffers): OpenBankingError[] {
  if (!offers || offers.bindsToCertificates === true) return [];
  if (offers.speaksDpop) return [new OpenBankingError('not-offered', { problem: 'dpop' })];
  if (offers.bindsToCertificates === undefined) return [];
  return [new OpenBankingError('not-offered', { problem: 'unbound' })];
}

/** Values of an authorization request that metadata may list. */
export interface OfferedRequest {
  readonly responseType: string;
  /** The default of the response type if `undefined`. */
  readonly responseMode?: string;
  readonly acrValues?: readonly string[];
}

/** Warnings about an authorization request that metadata does not offer, and about DPoP: before a customer consents. */
export function authorizationRemarks(
  { offers, algorithms }: WithOffers,
  request: OfferedRequest,
): OpenBankingError[] {
  return [
    unofferedMode(offers, request),
    unofferedContext(offers, request),
    ...bindingRemarks({ offers, algorithms }),
  ].filter((remark) => remark !== undefined);
}

function unofferedMode(
  offers: BankOffers | undefined,
  { responseType, responseMode }: OfferedRequest,
): OpenBankingError | undefined {
  const offered = offers?.responseModes;
  if (!offered) return undefined;
  const usual = responseType === 'code' ? 'query' : 'fragment';
  const mode = responseMode ?? usual;
  // JARM §2.3.4: "jwt" stands for the usual way of the response type.
  const names = mode === 'jwt' ? ['jwt', `${usual}.jwt`] : [mode];
  if (names.some((name) => offered.includes(name))) return undefined;
  const value = responseMode ? mode : `${mode} (the default of "${responseType}")`;
  return unoffered(value, '"response_mode"', offered);
}

/** The bank takes one of several, so one that it offers is enough. */
function unofferedContext(
  offers: BankOffers | undefined,
  { acrValues = [] }: OfferedRequest,
): OpenBankingError | undefined {
  const offered = offers?.acrValues;
  if (!offered || acrValues.length === 0) return undefined;
  if (acrValues.some((value) => offered.includes(value))) return undefined;
  return unoffered(acrValues.join(', '), 'the log-in of the customer ("acr")', offered);
}

function unoffered(value: string, use: string, offered: readonly string[]): OpenBankingError {
  return new OpenBankingError('not-offered', {
    problem: 'listed',
    values: { value: plainText(value), use, offered: shownNames(offered) },
  });
}
