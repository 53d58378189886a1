import { isJsonObject } from '../lib/json';
import type { SigningAlgorithm } from '../keys/algorithms';

/** Signature algorithms that a bank's metadata offers (RFC 8414 §2, OIDC Discovery §3); what it does not list is not known. */
export interface OfferedAlgorithms {
  readonly clientAssertion?: readonly string[];
  readonly requestObject?: readonly string[];
}

/** The algorithms in metadata. */
export function offeredAlgorithms(metadata: unknown): OfferedAlgorithms {
  if (!isJsonObject(metadata)) return {};
  const listed = (name: string) => {
    const value = metadata[`${name}_signing_alg_values_supported`];
    return Array.isArray(value) ? value.filter((it) => typeof it === 'string') : undefined;
  };
  return {
    clientAssertion: listed('token_endpoint_auth'),
    requestObject: listed('request_object'),
  };
}

const uses: Record<keyof OfferedAlgorithms, string> = {
  clientAssertion: 'client assertions',
  requestObject: 'request objects',
};

/**
 * A sentence where metadata does not offer an algorithm. It is a hint and no more: the bank itself tells what it accepts.
 */
export function notOffered(
  offered: OfferedAlgorithms | undefined,
  use: keyof OfferedAlgorithms,
  algorithm: SigningAlgorithm,
): string | undefined {
  const names = offered?.[use];
  // RFC 9864 names the curve.
  const accepted = algorithm === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [algorithm];
  if (!names || accepted.some((name) => names.includes(name))) return undefined;
  const listed = names.length > 0 ? names.slice(0, 10).join(', ') : 'none';
  return `The metadata of the bank does not offer ${algorithm} for ${uses[use]}; it offers: ${listed}.`;
}
