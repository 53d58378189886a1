import type { KeyIdSource, SigningAlgorithm } from '../keys/algorithms';
import type { RegimeChoice } from './regime';

/**
 * The credential's fields about the bank and the application, by their names.
 * All are optional: {@link createProfile} reports which one is missing. Fields that the chosen bank does not need are ignored.
 */
export interface BankSettings {
  /** Source of the endpoints: WSO2's paths on a host, the issuer's metadata, or a field for each. */
  bank?: 'wso2' | 'discovery' | 'custom';
  /** The conventions of the bank's country or security profile, see `RegimeRules`. */
  regime?: RegimeChoice;
  /** WSO2: the identity server, with or without scheme and port (default 9446). */
  host?: string;
  /** WSO2: the API gateway, with or without scheme and port (default 8243). Needed if it refreshes tokens. */
  gatewayHost?: string;
  /** WSO2: the host that refreshes tokens; the identity server if empty. */
  refreshAt?: 'identityServer' | 'apiGateway';
  /** Issuer identifier. WSO2: the token endpoint if empty. */
  issuer?: string;
  /** Custom: the token endpoint. */
  tokenEndpoint?: string;
  /** Custom: the endpoint that refreshes tokens; the token endpoint if empty. */
  refreshEndpoint?: string;
  /** Custom: the address to which the customer's browser is sent. */
  authorizationEndpoint?: string;
  /** Custom: the endpoint that accepts pushed authorization requests. */
  pushedAuthorizationRequestEndpoint?: string;
  /** Custom: the address of the keys of its ID tokens. */
  jwksUri?: string;
  /** Custom: the endpoint that revokes tokens. */
  revocationEndpoint?: string;
  /** Custom: the endpoint that introspects tokens. */
  introspectionEndpoint?: string;
  /** Other hosts that HTTP requests may send tokens to, separated by commas or white space. */
  apiHosts?: string;
  /** Base address of the account API. WSO2: the usual path at the API gateway if empty. */
  accountApiUrl?: string;
  /** The value of `x-fapi-financial-id`, with which some banks tell their brands apart. */
  financialId?: string;

  clientId?: string;
  /** A client assertion if empty, or a secret in the header if `clientSecret` is not. */
  clientAuthentication?: ClientAuthenticationMethod;
  /** Used if `clientAuthentication` is `client_secret_basic` or `client_secret_post`. */
  clientSecret?: string;
  /** Format of the certificate and key of the TLS client. */
  keyFormat?: 'pem' | 'pkcs12';
  /** PEM: the client certificate and its intermediates, in any order. */
  transportCertificate?: string;
  /** PEM or JWK. */
  transportPrivateKey?: string;
  /** A PKCS#12 file with certificates and key, in base64. */
  pkcs12?: string;
  /** Passphrase of an encrypted transport key or PKCS#12 file. */
  passphrase?: string;
  /** PEM bundle of the certificate authorities to trust instead of the well-known ones. */
  certificateAuthorities?: string;
  /** Whether the well-known authorities are trusted in addition to that bundle. */
  trustWellKnownAuthorities?: boolean;
  /** Whether assertions and request objects are signed with a separate key instead of the transport key. */
  separateSigningKey?: boolean;
  /** PEM; the key ID is computed from it. */
  signingCertificate?: string;
  /** PEM or JWK. */
  signingPrivateKey?: string;
  /** Passphrase of an encrypted signing key. */
  signingPassphrase?: string;
  /** Private keys in PEM, a JWK or JWK set, or a PKCS#12 file in base64. The signing key decrypts if it is empty. */
  decryptionKeys?: string;
  /** Passphrase of encrypted decryption keys. */
  decryptionPassphrase?: string;
  /** Whether the keys and certificates that follow take the place of those above at a time. */
  exchangeKeys?: boolean;
  /** Date and time from which they count, such as `2026-12-01T02:00Z`; UTC if it has no offset. */
  nextKeysFrom?: string;
  /** PEM. */
  nextTransportCertificate?: string;
  /** PEM or JWK; the present key if empty. */
  nextTransportPrivateKey?: string;
  /** A PKCS#12 file in base64. */
  nextPkcs12?: string;
  /** Passphrase of the next transport key or PKCS#12 file. */
  nextPassphrase?: string;
  /** PEM or JWK; the present signing key, or the next transport key, if empty. */
  nextSigningPrivateKey?: string;
  nextSigningPassphrase?: string;
  /** PEM. */
  nextSigningCertificate?: string;
  /** Used if `keyIdSource` is `given`. */
  nextKeyId?: string;

  algorithm?: SigningAlgorithm;
  keyIdSource?: KeyIdSource;
  /** Used if `keyIdSource` is `given`. */
  keyId?: string;
  /** `typ` of the assertion. */
  assertionType?: 'JWT' | 'client-authentication+jwt';
  audience?: AudienceKind;
  /** Used if `audience` is `custom`. */
  audienceValue?: string;
  /** `aud` of request objects; the issuer if empty. */
  requestObjectAudience?: string;
  /** Algorithm with which the bank signs ID tokens (`id_token_signed_response_alg`). */
  idTokenAlgorithm?: SigningAlgorithm;
  /** Seconds by which clocks may differ when JWTs of the bank are checked; 30 if empty. */
  clockTolerance?: number;

  redirectUri?: string;
  /** Separated by spaces. */
  scope?: string;
  /** Headers for requests to the authorization server, in lines of the form `name: value`. */
  extraHeaders?: string;
  /** Headers for requests to the account API, in the same form. */
  accountApiHeaders?: string;
  /** Seconds within which a connection must be established; 10 if empty. */
  connectTimeout?: number;
  /** Seconds within which the whole answer must arrive; 30 if empty. */
  requestTimeout?: number;
}

/** Names of all these fields. A change of other fields of the credential does not change the profile. */
export const bankSettingNames: Readonly<Record<keyof BankSettings, true>> = {
  bank: true,
  regime: true,
  host: true,
  gatewayHost: true,
  refreshAt: true,
  issuer: true,
  tokenEndpoint: true,
  refreshEndpoint: true,
  authorizationEndpoint: true,
  pushedAuthorizationRequestEndpoint: true,
  jwksUri: true,
  revocationEndpoint: true,
  introspectionEndpoint: true,
  apiHosts: true,
  accountApiUrl: true,
  financialId: true,
  clientId: true,
  clientAuthentication: true,
  clientSecret: true,
  keyFormat: true,
  transportCertificate: true,
  transportPrivateKey: true,
  pkcs12: true,
  passphrase: true,
  certificateAuthorities: true,
  trustWellKnownAuthorities: true,
  separateSigningKey: true,
  signingCertificate: true,
  signingPrivateKey: true,
  signingPassphrase: true,
  decryptionKeys: true,
  decryptionPassphrase: true,
  exchangeKeys: true,
  nextKeysFrom: true,
  nextTransportCertificate: true,
  nextTransportPrivateKey: true,
  nextPkcs12: true,
  nextPassphrase: true,
  nextSigningPrivateKey: true,
  nextSigningPassphrase: true,
  nextSigningCertificate: true,
  nextKeyId: true,
  algorithm: true,
  keyIdSource: true,
  keyId: true,
  assertionType: true,
  audience: true,
  audienceValue: true,
  requestObjectAudience: true,
  idTokenAlgorithm: true,
  clockTolerance: true,
  redirectUri: true,
  scope: true,
  extraHeaders: true,
  accountApiHeaders: true,
  connectTimeout: true,
  requestTimeout: true,
};

/**
 * The `aud` of an assertion. `automatic` is the token endpoint for WSO2, and the issuer otherwise. `endpoint` is the address of the
 * request.
 */
export type AudienceKind = 'automatic' | 'issuer' | 'tokenEndpoint' | 'endpoint' | 'custom';

/**
 * How the client proves to the bank who it is (`token_endpoint_auth_method`, RFC 7591 §2). In each case it also shows the client certificate.
 * - `private_key_jwt`: a signed assertion (RFC 7523 §2.2);
 * - `tls_client_auth`: the certificate alone, which an authority issued (RFC 8705 §2.1);
 * - `self_signed_tls_client_auth`: the certificate alone, which itself is registered (RFC 8705 §2.2);
 * - `client_secret_basic`, `client_secret_post`: a secret in the header `Authorization`, or in the form (RFC 6749 §2.3.1).
 */
export type ClientAuthenticationMethod =
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'client_secret_basic'
  | 'client_secret_post';
