import { named } from '../subtitleWords';

/**
 * The line under the name of the node: the operation and the consent. It reads the parameters as they are saved, because an expression that
 * needs an item has no value in the editor. n8n evaluates this text, so it can use only the parameters. The canvas shows about 27 letters.
 */
export const operationAndConsent = `={{ ((saved) => {
  const options = saved.options ?? {};
  const named = ${named};
  const stored = () => named(saved.consent, 'no consent chosen');
  const chosen = () => (saved.tokenFrom === 'field' ? 'given token' : stored());
  const kept = () => named(options.keepForConsent, 'tokens not stored');
  const details = {
    exchange: () => 'exchange: ' + kept(),
    refresh: () => 'refresh: ' + kept(),
    application: () => 'scope: ' + named(options.scope, 'as in the credential'),
    valid: () => 'consent: ' + stored(),
    revoke: () => 'revoke: ' + chosen(),
    introspect: () => 'introspect: ' + chosen(),
    list: () => 'all of this client',
    sign: () => 'sign: ' + ({ jwt: 'JWT', compact: 'compact JWS', detached: 'detached JWS' }[saved.form ?? 'jwt'] ?? ''),
    verify: () => 'verify: ' + (saved.signature === 'detached' ? 'detached JWS' : 'JWT or JWS'),
    createUrl: () => 'consent ID: ' + named(saved.consentId, 'none'),
  };
  return details[saved.operation]?.() ?? '';
})($rawParameter) }}`;
