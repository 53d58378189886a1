import type { KeyIdSource, SigningAlgorithm } from '../keys/algorithms';

/**
 * What a person says about the bank and about the application, in the names of the credential's fields.
 * Everything is optional here: {@link createProfile} says what is missing. A field that the chosen bank does not need is ignored.
 */
export interface BankSettings {
  /** How the endpoints are known: WSO2's paths on a host, the issuer's metadata, or one by one. */
  bank?: 'wso2' | 'discovery' | 'custom';
  /** WSO2: the identity server, with or without scheme and port (default 9446). */
  host?: string;
  /** WSO2: the API gateway, with or without scheme and port (default 8243). Needed if it refreshes tokens. */
  gatewayHost?: string;
  /** WSO2: which of the two hosts refreshes tokens; the identity server where empty. */
  refreshAt?: 'identityServer' | 'apiGateway';
  /** Issuer identifier. WSO2: the token endpoint where empty. */
  issuer?: string;
  /** Custom: the token endpoint. */
  tokenEndpoint?: string;
  /** Custom: where tokens are refreshed; the token endpoint where empty. */
  refreshEndpoint?: string;
  /** Custom: where the customer's browser is sent to. */
  authorizationEndpoint?: string;
  /** Custom: where authorization requests are pushed to. */
  pushedAuthorizationRequestEndpoint?: string;
  /** Custom: where the bank publishes the keys of its ID tokens. */
  jwksUri?: string;
  /** Custom: where tokens are revoked. */
  revocationEndpoint?: string;
  /** Custom: where the bank tells about tokens. */
  introspectionEndpoint?: string;

  clientId?: string;
  /** RFC 7523 client assertion, or the certificate alone (RFC 8705 §2.1). */
  clientAuthentication?: 'private_key_jwt' | 'tls_client_auth';
  /** How certificate and key of the TLS client are given. */
  keyFormat?: 'pem' | 'pkcs12';
  /** PEM: the client certificate and its intermediates, in any order. */
  transportCertificate?: string;
  /** PEM. */
  transportPrivateKey?: string;
  /** PKCS#12 file with certificates and key, in base64. */
  pkcs12?: string;
  /** Of the transport key or PKCS#12 file, where it is encrypted. */
  passphrase?: string;
  /** PEM bundle that replaces the well-known certificate authorities. */
  certificateAuthorities?: string;
  /** Whether assertions and request objects are signed with a key of their own, not with the transport key. */
  separateSigningKey?: boolean;
  /** PEM; the key ID is computed from it. */
  signingCertificate?: string;
  /** PEM or JWK. */
  signingPrivateKey?: string;
  /** Of the signing key, where it is encrypted. */
  signingPassphrase?: string;

  algorithm?: SigningAlgorithm;
  keyIdSource?: KeyIdSource;
  /** Where `keyIdSource` is `given`. */
  keyId?: string;
  /** `typ` of the assertion. */
  assertionType?: 'JWT' | 'client-authentication+jwt';
  audience?: AudienceKind;
  /** Where `audience` is `custom`. */
  audienceValue?: string;
  /** What the bank signs ID tokens with (`id_token_signed_response_alg`). */
  idTokenAlgorithm?: SigningAlgorithm;
  /** Seconds that clocks may differ by in what the bank signs; 30 where empty. */
  clockTolerance?: number;

  redirectUri?: string;
  /** Separated by spaces. */
  scope?: string;
  /** Seconds until a connection has to stand; 10 where empty. */
  connectTimeout?: number;
  /** Seconds until the whole answer has to be there; 30 where empty. */
  requestTimeout?: number;
}

/** All of them by name: what else a credential holds makes no other profile. */
export const bankSettingNames: Readonly<Record<keyof BankSettings, true>> = {
  bank: true,
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
  clientId: true,
  clientAuthentication: true,
  keyFormat: true,
  transportCertificate: true,
  transportPrivateKey: true,
  pkcs12: true,
  passphrase: true,
  certificateAuthorities: true,
  separateSigningKey: true,
  signingCertificate: true,
  signingPrivateKey: true,
  signingPassphrase: true,
  algorithm: true,
  keyIdSource: true,
  keyId: true,
  assertionType: true,
  audience: true,
  audienceValue: true,
  idTokenAlgorithm: true,
  clockTolerance: true,
  redirectUri: true,
  scope: true,
  connectTimeout: true,
  requestTimeout: true,
};

/** The `aud` of an assertion; `automatic` is the token endpoint for WSO2 and the issuer otherwise, `endpoint` the one that is called. */
export type AudienceKind = 'automatic' | 'issuer' | 'tokenEndpoint' | 'endpoint' | 'custom';
