import { plainText } from '../lib/displayText';
import { isJsonObject } from '../lib/json';
import { algorithmNames, type SigningAlgorithm } from '../keys/algorithms';

/** Signature algorithms that a bank's metadata offers (RFC 8414 §2, OIDC Discovery §3); `undefined` if it lists none. */
export interface OfferedAlgorithms {
  readonly clientAssertion?: readonly string[];
  readonly requestObject?: readonly string[];
}

/** Reads the signature algorithms in metadata. */
export function offeredAlgorithms(metadata: unknown): OfferedAlgorithms {
  if (!isJsonObject(metadata)) return {};
  const listed = (use: string) => {
    const value = metadata[`${use}_signing_alg_values_supported`];
    if (!Array.isArray(value)) return undefined;
    const names = value.filter((name) => typeof name === 'string' && name !== '');
    // A list of absent values lists none.
    return names.length > 0 || value.length === 0 ? (names as string[]) : undefined;
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
 * A sentence that says that metadata does not offer an algorithm; `undefined` if metadata offers the algorithm, or lists none.
 * It is a hint only, because banks accept algorithms that their metadata does not list.
 */
export function notOffered(
  offered: OfferedAlgorithms | undefined,
  use: keyof OfferedAlgorithms,
  algorithm: SigningAlgorithm,
): string | undefined {
  const names = offered?.[use];
  if (!names || algorithmNames(algorithm).some((name) => names.includes(name))) return undefined;
  const listed = names.length > 0 ? plainText(names.slice(0, 10).join(', ')) : 'none';
  return `The metadata of the bank does not offer ${algorithm} for ${uses[use]}; it offers: ${listed}.`;
}
