import { OpenBankingError } from '../errors/OpenBankingError';
import type { BankSettings } from './settings';

/** Labels of the fields that are shown, sent or logged unchanged. None of these fields may hold a secret. */
const labels: Partial<Record<keyof BankSettings, string>> = {
  host: 'Host',
  gatewayHost: 'API Gateway Host',
  issuer: 'Issuer',
  tokenEndpoint: 'Token Endpoint',
  refreshEndpoint: 'Refresh Endpoint',
  authorizationEndpoint: 'Authorization Endpoint',
  pushedAuthorizationRequestEndpoint: 'Pushed Authorization Request Endpoint',
  jwksUri: 'JWKS URL',
  revocationEndpoint: 'Revocation Endpoint',
  introspectionEndpoint: 'Introspection Endpoint',
  apiHosts: 'API Hosts',
  clientId: 'Client ID',
  keyId: 'Key ID',
  audienceValue: 'Audience Value',
  redirectUri: 'Redirect URI',
  scope: 'Scope',
};

/**
 * Refuses a key, certificate or token that was pasted into a field that is not secret. The bank would get it, and the bank's error would
 * show it. The message does not repeat it.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function assertNoSecretInPlainFields(settings: BankSettings): void {
  for (const [name, label] of Object.entries(labels)) {
    const value = settings[name as keyof BankSettings];
    const content = typeof value === 'string' ? foreignContent(value) : undefined;
    if (!content) continue;
    throw new OpenBankingError('field-malformed', {
      problem: 'foreign',
      values: { field: label, content },
      description: `Put it into its own field, and what the bank calls ${label} here. Nothing was sent.`,
    });
  }
}

/** The kind of a text that belongs into another field; `undefined` if it may be the value of a plain field. */
function foreignContent(text: string): string | undefined {
  const [, kind] = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text) ?? [];
  if (kind?.includes('PRIVATE KEY')) return 'a private key';
  if (kind?.includes('CERTIFICATE')) return 'a certificate';
  if (kind !== undefined) return 'a key or certificate in PEM';
  if (/^\s*\{[^]*"kty"\s*:/.test(text)) return 'a key (JWK)';
  // DER in base64 begins with these letters: a PKCS#12 file, or a PEM file without its first line.
  if (/^\s*MI[A-Za-z0-9+/=\s]{200,}$/.test(text)) return 'a key or certificate in base64';
  if (/^\s*ey[\w-]+\.[\w-]+\.[\w-]*/.test(text)) return 'a token (JWT)';
  return undefined;
}
