import type { Endpoint } from '../../../core/profile/endpoints';

/** An address that a person wrote into the credential. */
export function endpointAt(url: string): Endpoint {
  return { url, source: '"Token Endpoint" in the credential' };
}
