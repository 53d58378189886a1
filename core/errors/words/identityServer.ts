import { wordsIn } from './entry';

/** Words of Duende IdentityServer. Its other refusals have `error` alone. */
export const identityServerWords = wordsIn(
  'DuendeSoftware/IdentityServer, 0850cda: src/IdentityServer/Validation/Default/TokenRequestValidator.cs',
  {
    'dpop-wanted': [
      'Client requires DPoP and a DPoP header value was not provided',
      'DPoP must be used on the token endpoint when a DPoP key thumbprint is used on the authorize endpoint',
    ],
    'certificate-binding-mismatch': [
      'Mixing different confirmation keys for a refresh token is not allowed',
      'Mixing different confirmation methods for a refresh token is not allowed',
    ],
  },
);
