import { ConsentAccess, GivenAccess, type Access } from '../../../core/accounts/access';
import { AccountsOfConsent } from '../../../core/accounts/knownAccounts';
import type { PullRequest } from '../../../core/accounts/pull';
import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import {
  textParameter,
  choiceParameter,
  consentParameter,
  type ParameterSource,
} from '../../parameters';
import { isTool } from './asTool';

/** The authorization of the requests of an item, and its consent. */
export interface Authorization extends Pick<PullRequest, 'origin' | 'knownAccounts'> {
  readonly access: Access;
}

/** The authorizations of one execution. All items of a consent share one, so that a refused token is refreshed once. */
export class Authorizations {
  readonly #consents = new Map<ConsentTokens, Map<string, ConsentAccess>>();

  readonly #given = new Map<string, GivenAccess>();

  /**
   * The authorization that the fields of an item name.
   *
   * @param stored opens the stored tokens of the credential's client
   * @throws OpenBankingError `input-missing`, `consent-malformed`, `field-malformed`, those of the store, and those of a refresh
   */
  async of(source: ParameterSource, stored: () => ConsentTokens): Promise<Authorization> {
    if (isTokenGiven(source)) return ofToken(this.#givenAccess(source));
    const consent = consentParameter(source);
    const tokens = stored();
    return ofConsent(tokens, consent, this.#consentAccess(tokens, consent));
  }

  /** Warnings about the tokens. */
  get remarks(): string[] {
    const consents = [...this.#consents.values()].flatMap((accesses) => [...accesses.values()]);
    return [...consents, ...this.#given.values()].flatMap(({ remarks }) => remarks);
  }

  #givenAccess(source: ParameterSource): GivenAccess {
    const token = textParameter(source, 'accessToken', 'Access Token').trim();
    return obtained(this.#given, token, () => new GivenAccess(token));
  }

  #consentAccess(tokens: ConsentTokens, consent: string): ConsentAccess {
    const accesses = obtained(this.#consents, tokens, () => new Map<string, ConsentAccess>());
    return obtained(accesses, consent, () => new ConsentAccess(tokens, consent));
  }
}

/** The authorization by a stored consent. @throws OpenBankingError those of the store, and those of a refresh */
export async function ofConsent(
  tokens: ConsentTokens,
  consent: string,
  access = new ConsentAccess(tokens, consent),
): Promise<Authorization> {
  const consentId = await access.consentId();
  const knownAccounts = new AccountsOfConsent(tokens, consent, await access.grant());
  return { access, origin: { consent, consentId }, knownAccounts };
}

/** The authorization by a token that is given. @throws OpenBankingError `field-malformed` */
export function ofToken(access: GivenAccess): Authorization {
  return { access, origin: {} };
}

/**
 * Whether the token is in a field.
 *
 * @throws OpenBankingError `field-malformed`, also if a language model runs the node: it must not handle tokens
 */
function isTokenGiven(source: ParameterSource): boolean {
  const { context, itemIndex } = source;
  // As a tool the node does not have the field.
  if (context.getNodeParameter('authorizeWith', itemIndex, 'consent') === 'consent') return false;
  const chosen = choiceParameter(
    source,
    'authorizeWith',
    'Authorize With',
    isTool(context) ? ['consent'] : ['consent', 'accessToken'],
  );
  return chosen === 'accessToken';
}

function obtained<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
