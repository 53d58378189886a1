/** A scope with the one that names a consent, if it is not there yet. */
export function withConsent(scope: string, consentScope: string | undefined): string {
  if (!consentScope || scope.split(/\s+/).includes(consentScope)) return scope;
  return [scope, consentScope].filter(Boolean).join(' ');
}

/** Whether a scope requests an ID token (OIDC Core §3.1.2.1). @param scope separated by spaces */
export function requestsIdToken(scope: string): boolean {
  return scope.split(/\s+/).includes('openid');
}
