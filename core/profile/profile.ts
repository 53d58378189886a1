import type { KeyObject } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { TlsIdentity, Timeouts } from '../transport/identity';
import { accountApiOf, financialIdOf } from './accountApi';
import { apiHostsOf } from './apiHosts';
import { audienceOf, type Audience } from './audience';
import {
  assertNoOtherAuthorization,
  clientAuthenticationOf,
  type ClientAuthenticationChoice,
} from './clientAuthentication';
import type { CertificateValidity } from '../keys/certificateDates';
import { knownEndpoints, type Endpoint, type Endpoints } from './endpoints';
import { accountApiHeadersOf, extraHeadersOf, type ExtraHeaders } from './extraHeaders';
import type { DecryptionKey } from '../keys/decryptionKeys';
import type { SigningAlgorithm } from '../keys/algorithms';
import type { BankSettings } from './settings';
import { profileKeys } from './profileKeys';
import { regimeOf, rulesOf, type Regime, type RegimeRules } from './regime';
import type { Signer } from './signer';
import { httpsUrl } from './url';
import { assertNoSecretInPlainFields } from './plainFields';
import { isVschar } from '../lib/vschar';

/** Bank settings that are complete and consistent, with parsed keys. */
export interface Profile {
  /** The endpoints, or the issuer whose metadata contains them. */
  readonly bank: { readonly endpoints: Endpoints } | { readonly discover: string };
  /** Hosts of the bank's APIs that the credential names: `host:port`, or `host` for every port, see `includesHost`. */
  readonly apiHosts: readonly string[];
  /** Base address of the account API, without a slash at its end; `undefined` if the credential names none, see `requiredAccountApi`. */
  readonly accountApi?: Endpoint;
  /** The value of `x-fapi-financial-id`. */
  readonly financialId?: string;
  readonly clientId: string;
  readonly identity: TlsIdentity;
  /** How the client proves to the bank who it is, in addition to its certificate. */
  readonly authentication: ClientAuthenticationChoice;
  /** Signs client assertions; `undefined` if the client authenticates itself without one. */
  readonly signer?: Signer;
  /**
   * Signs request objects. It is `signer`, or a signer that is made on first use, because only an authorization URL needs it.
   *
   * @throws OpenBankingError those of `signerOf`
   */
  readonly requestSigner: () => Promise<Signer>;
  readonly audience: Audience;
  /** `aud` of request objects; the issuer if `undefined`. */
  readonly requestObjectAudience?: string;
  /** Decrypt ID tokens and response JWTs: those of "Decryption Keys", and the signing key. */
  readonly decryptionKeys: readonly DecryptionKey[];
  readonly idTokenAlgorithm: SigningAlgorithm;
  /** Seconds by which the clocks of this machine and of the bank may differ when JWTs of the bank are checked. */
  readonly clockTolerance: number;
  /** May be empty. */
  readonly redirectUri: string;
  /** May be empty. */
  readonly scope: string;
  readonly regime: Regime;
  /** The decisions of the regime. */
  readonly rules: RegimeRules;
  readonly timeouts: Timeouts;
  /** Headers for requests to the authorization server. Their values may be secrets. */
  readonly extraHeaders: ExtraHeaders;
  /** Headers for requests to the account API. Their values may be secrets. */
  readonly accountApiHeaders: ExtraHeaders;
  /** `x5t#S256` of the transport certificate, to which tokens are bound (RFC 8705 §3.1). */
  readonly certificateThumbprint: string;
  /** Those of the transport certificates before and after an exchange of keys, that of now first. */
  readonly certificateThumbprints: readonly [string, ...string[]];
  /** Other private keys of the credential: those of the certificates before and after this one. */
  readonly otherKeys: readonly KeyObject[];
  /**
   * The time at which the credential has to be read again, because another of its keys or certificates may be the right one then, for example
   * one that was renewed; `undefined` if there is no other.
   */
  readonly choiceUntil?: Date;
  /** Validity periods of the transport and signing certificates, also of those that are used later. */
  readonly validity: readonly CertificateValidity[];
  /** Warnings and repairs, without those about dates, see `certificateDates`. */
  readonly notices: readonly OpenBankingError[];
}

/** The name of the bank in stored records: its token endpoint, or its issuer if discovery finds the endpoint. */
export function bankOf({ bank }: Profile): string {
  return 'endpoints' in bank ? bank.endpoints.token.url : bank.discover;
}

/**
 * The second name of the bank: its issuer. Records have it if they were stored with the choice "Discovery".
 *
 * @returns `undefined` with discovery, where {@link bankOf} is the issuer: the settings do not have the token endpoint
 */
export function otherBankOf({ bank }: Profile): string | undefined {
  if (!('endpoints' in bank)) return undefined;
  const { issuer, token } = bank.endpoints;
  return issuer === token.url ? undefined : issuer;
}

/**
 * Validates settings and parses their keys, without the network.
 *
 * @param now the time for which keys and certificates are chosen
 * @throws OpenBankingError of the stage `configuration`, for the first field that is wrong
 */
export async function createProfile(given: BankSettings, now = new Date()): Promise<Profile> {
  const settings = textual(given);
  assertNoSecretInPlainFields(settings);
  const bank =
    settings.bank === 'discovery'
      ? { discover: issuerOf(settings) }
      : { endpoints: knownEndpoints(settings) };
  const regime = regimeOf(settings);
  const rules = rulesOf(regime, settings.bank);
  const apiHosts = apiHostsOf(settings);
  const accountApi = accountApiOf(settings);
  const financialId = financialIdOf(settings.financialId);
  const clientId = clientIdOf(settings);
  const audience = audienceOf(settings);
  const requestObjectAudience = settings.requestObjectAudience?.trim();
  const extraHeaders = extraHeadersOf(settings.extraHeaders);
  const accountApiHeaders = accountApiHeadersOf(settings.accountApiHeaders);
  const { authentication, notices } = clientAuthenticationOf(settings);
  assertNoOtherAuthorization(authentication, extraHeaders);

  const isSigning = authentication.method === 'private_key_jwt';
  // The signing key is also read if no assertion is signed: it signs request objects and decrypts ID tokens.
  const keys = await profileKeys(settings, { isSigning, now });
  const signer = isSigning ? await keys.signer() : undefined;

  return {
    bank,
    apiHosts,
    ...(accountApi && { accountApi }),
    ...(financialId !== undefined && { financialId }),
    clientId,
    identity: keys.transport.identity,
    authentication,
    signer,
    requestSigner: once(async () => signer ?? keys.signer()),
    audience,
    ...(requestObjectAudience && { requestObjectAudience }),
    decryptionKeys: keys.decryptionKeys,
    idTokenAlgorithm: settings.idTokenAlgorithm || 'PS256',
    clockTolerance: seconds(settings.clockTolerance),
    redirectUri: settings.redirectUri?.trim() ?? '',
    scope: scopeOf(settings, rules),
    ...{ regime, rules },
    timeouts: {
      connect: milliseconds(settings.connectTimeout, 10, 'Connect Timeout'),
      request: milliseconds(settings.requestTimeout, 30, 'Request Timeout'),
    },
    extraHeaders,
    accountApiHeaders,
    certificateThumbprint: keys.certificateThumbprints[0],
    certificateThumbprints: keys.certificateThumbprints,
    otherKeys: keys.otherKeys,
    choiceUntil: keys.choiceUntil,
    validity: keys.validity,
    notices: [...notices, ...noticesFor(authentication, keys.notices)],
  };
}

/** The notices about the transport certificate. A bank that registered the certificate itself looks at no chain (RFC 8705 §2.2). */
function noticesFor(
  { method }: ClientAuthenticationChoice,
  notices: readonly OpenBankingError[],
): readonly OpenBankingError[] {
  if (method !== 'self_signed_tls_client_auth') return notices;
  return notices.filter(({ code }) => code !== 'intermediate-missing');
}

/** Calls a function on first use and returns the same result afterwards. After a failure it is called again. */
function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= make().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}

/** Turns numbers into text and refuses objects: an expression in a field may yield anything. */
function textual(given: BankSettings): BankSettings {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'object') {
      throw new OpenBankingError('field-malformed', {
        problem: 'notText',
        values: { field: name },
        description: 'An expression in this field yields an object or a list: let it yield text.',
      });
    }
    settings[name] = typeof value === 'number' ? String(value) : value;
  }
  return settings;
}

/** The issuer. The field may hold the address of its metadata, because some banks send people this address. */
function issuerOf({ issuer }: BankSettings): string {
  return httpsUrl(issuer?.replace(/\/\.well-known\/openid-configuration\/?\s*$/, ''), 'Issuer');
}

/** The default of the field "Scope", which the regime may replace: its words mean nothing in some countries. */
const DEFAULT_SCOPE = 'openid accounts';

/** The scope of settings with the rules of a regime; may be empty. */
export function scopeOf({ scope }: BankSettings, rules: RegimeRules): string {
  const given = scope?.trim() ?? '';
  return given === DEFAULT_SCOPE ? (rules.scope ?? given) : given;
}

function clientIdOf({ clientId }: BankSettings): string {
  const value = clientId?.trim();
  if (!value)
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field: 'Client ID' },
    });
  if (!isVschar(value) || /\s/.test(value)) {
    throw new OpenBankingError('field-malformed', { problem: 'clientId' });
  }
  return value;
}

/** The number of seconds in a field; 30 if it is empty. */
function seconds(tolerance: unknown): number {
  const value = tolerance === undefined || tolerance === '' ? 30 : Number(tolerance);
  if (!(value >= 0 && value <= 300)) {
    throw new OpenBankingError('field-malformed', {
      problem: 'range',
      values: { field: 'Clock Tolerance', minimum: 0, maximum: 300 },
      description: 'Give a number of seconds from 0 to 300.',
    });
  }
  return value;
}

function milliseconds(seconds: unknown, standard: number, label: string): number {
  const value = Number(seconds || standard);
  if (!(value > 0 && value <= 600)) {
    throw new OpenBankingError('field-malformed', {
      problem: 'range',
      values: { field: label, minimum: 1, maximum: 600 },
      description: 'Give a number of seconds from 1 to 600.',
    });
  }
  return value * 1000;
}
