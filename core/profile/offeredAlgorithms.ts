import { OpenBankingError } from '../errors/OpenBankingError';
import { plainText } from '../lib/displayText';
import { secretHider, type SecretHider } from '../lib/hiddenSecrets';
import { isJsonObject } from '../lib/json';
import { algorithmNames, type SigningAlgorithm } from '../keys/algorithms';

/** Signature algorithms that a bank's metadata offers (RFC 8414 §2, OIDC Discovery §3); `undefined` if it lists none. */
export interface OfferedAlgorithms {
  readonly clientAssertion?: readonly string[];
  readonly requestObject?: readonly string[];
}

/** Maximum number of names of a list that are read, and of those that a message shows. */
const MAXIMUM = { read: 200, shown: 10 };

/**
 * Reads the signature algorithms in metadata.
 *
 * @param hide hides values of the request in the names
 */
export function offeredAlgorithms(
  metadata: unknown,
  hide: SecretHider = secretHider([]),
): OfferedAlgorithms {
  if (!isJsonObject(metadata)) return {};
  const listed = (use: string) =>
    listedNames(metadata[`${use}_signing_alg_values_supported`], hide);
  return {
    clientAssertion: listed('token_endpoint_auth'),
    requestObject: listed('request_object'),
  };
}

/**
 * The names in a list of metadata; `undefined` if it is no list, or if all of its values are absent.
 *
 * @param hide hides values of the request in the names
 */
export function listedNames(value: unknown, hide: SecretHider): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value
    .slice(0, MAXIMUM.read)
    .filter((name): name is string => typeof name === 'string' && name !== '')
    .map(hide);
  return names.length > 0 || value.length === 0 ? names : undefined;
}

/** The first names of a list, for a message. */
export function shownNames(names: readonly string[]): string {
  return names.length > 0 ? plainText(names.slice(0, MAXIMUM.shown).join(', ')) : 'none';
}

const uses: Record<keyof OfferedAlgorithms, string> = {
  clientAssertion: 'client assertions',
  requestObject: 'request objects',
};

/**
 * The warning that metadata does not offer an algorithm; `undefined` if metadata offers the algorithm, or lists none.
 * It is a hint only, because banks accept algorithms that their metadata does not list.
 */
export function unofferedAlgorithm(
  offered: OfferedAlgorithms | undefined,
  use: keyof OfferedAlgorithms,
  algorithm: SigningAlgorithm,
): OpenBankingError | undefined {
  const names = offered?.[use];
  if (!names || algorithmNames(algorithm).some((name) => names.includes(name))) return undefined;
  return new OpenBankingError('not-offered', {
    problem: 'listed',
    values: { value: algorithm, use: uses[use], offered: shownNames(names) },
  });
}

/** The sentence of {@link unofferedAlgorithm}. */
export function notOffered(
  offered: OfferedAlgorithms | undefined,
  use: keyof OfferedAlgorithms,
  algorithm: SigningAlgorithm,
): string | undefined {
  return unofferedAlgorithm(offered, use, algorithm)?.sentence;
}
