/** Whether a scope requests an ID token (OIDC Core §3.1.2.1). @param scope separated by spaces */
export function requestsIdToken(scope: string): boolean {
  return scope.split(/\s+/).includes('openid');
}
