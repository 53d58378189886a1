import type { ErrorCode } from '../../errors/catalogue';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import { isSilent } from '../messages/sentRequest';
import type { Grant } from './tokenRequest';
import type { TokenResponse } from './tokenResponse';

/** Refusals that may be about the code. Some banks say no more than that they refused. */
const aboutTheCode = new Set<ErrorCode>([
  ...(['invalid-grant', 'code-used', 'code-unknown', 'redirect-uri-mismatch'] as const),
  ...(['pkce-failed', 'access-denied', 'bank-refused'] as const),
]);

/** Those whose reason is known, so that other values of the request are no help. */
const namesItsValue = new Set<ErrorCode>(['redirect-uri-mismatch', 'code-unknown']);

/** Whether a refusal of an exchange may be about the code. */
export function isAboutTheCode(error: OpenBankingError): boolean {
  return aboutTheCode.has(error.code) || isSilent(error);
}

/** The values of an exchange that a person compares with the authorization request. The redirect URI is public. */
export function comparedWithRequest({
  redirectUri,
  codeVerifier,
}: Grant & { type: 'authorization_code' }): string {
  const verifier = codeVerifier
    ? 'the code verifier that belongs to it was sent, too, and has to be that of the same request'
    : 'no code verifier was sent, which is right only if the request had no code challenge (PKCE)';
  return `If the refusal is about the code, compare three values with the authorization request. The code has to be new, whole and unused; the redirect URI was sent as "${redirectUri}"; ${verifier}.`;
}

/** Refusals that say what they are about, with the value that was sent. */
function sentValue({ code }: OpenBankingError, grant: Grant): string | undefined {
  if (code !== 'redirect-uri-mismatch' || grant.type !== 'authorization_code') return undefined;
  return `The redirect URI was sent as "${grant.redirectUri}".`;
}

/** A refusal with the values of the grant that it may be about. */
export function explainedGrant(error: OpenBankingError, grant: Grant): OpenBankingError {
  const sent = sentValue(error, grant);
  const added = [
    grant.type === 'authorization_code' &&
      isAboutTheCode(error) &&
      !namesItsValue.has(error.code) &&
      comparedWithRequest(grant),
    scopeHint(error, grant),
  ].filter((sentence) => typeof sentence === 'string');
  if (!sent && added.length === 0) return error;
  return error.with({
    description: [sent, error.description, ...added].filter(Boolean).join(' '),
  });
}

/** Names the scope that was asked for, if the refusal may be about it. */
function scopeHint({ code }: OpenBankingError, grant: Grant): string | undefined {
  if (grant.type === 'refresh_token') return undefined;
  const isForApplication = grant.type === 'client_credentials';
  if (code !== 'invalid-scope' && !(isForApplication && code === 'bank-refused')) return undefined;
  if (grant.scope) return `The scope "${grant.scope}" was asked for.`;
  const token = isForApplication ? 'The application token' : 'The token';
  return `${token} was asked for without a scope. If the bank demands one, fill in "Scope" in the credential.`;
}

/** Warnings about the scope of an application token: an API refuses a token without its scope, and does not always say so. */
export function scopeRemarks(grant: Grant, { parameters }: TokenResponse): string[] {
  if (grant.type !== 'client_credentials') return [];
  const granted = namesIn(parameters.scope);
  const asked = namesIn(grant.scope);
  if (asked.length === 0 && granted.length === 0) {
    return [
      'The application token was asked for without a scope ("Scope" is empty), and the bank did not say which scope it has. If an API refuses it (403, insufficient_scope), fill in "Scope".',
    ];
  }
  const missing = granted.length > 0 ? asked.filter((name) => !granted.includes(name)) : [];
  if (missing.length === 0) return [];
  return [
    `The bank did not grant the application token all of the scope that was asked for: "${missing.join(' ')}" is missing.`,
  ];
}

function namesIn(scope: unknown): string[] {
  return typeof scope === 'string' ? scope.split(/\s+/).filter(Boolean) : [];
}
