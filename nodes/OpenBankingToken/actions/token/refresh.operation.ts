import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { customerOf } from '../../../../core/oauth/jwt/customer';
import {
  consentTokens,
  type Operation,
  type OperationInput,
  type OperationOutput,
} from '../operation';
import { itemOf, textOption, textParameter } from '../../../parameters';
import { chosenOutput, tokenItem } from './output';
import { nameToKeepFor, withConsent, withTokenStorage } from './tokenStorage';

/**
 * Refresh: `grant_type=refresh_token` (RFC 6749 §6). A refresh token that is or was stored for a consent is refreshed as `ConsentTokens` does
 * it, and the stored tokens follow.
 */
export const refresh: Operation = {
  yieldsUserTokens: true,
  async execute(input) {
    const refreshToken = textParameter(input, 'refreshToken', 'Refresh Token').trim();
    assertRefreshToken(input, refreshToken);
    const { originalIdToken, remarks } = await originalIdTokenOf(input);
    const given = nameToKeepFor(input);
    const stored = refreshToken ? await consentThatStores(input, refreshToken) : undefined;
    if (stored !== undefined) {
      if (given !== undefined && given !== stored) throw storedElsewhere(stored);
      return refreshStored(input, stored, refreshToken);
    }
    const output = await withTokenStorage(input, (onReceived) =>
      input.client.refresh({
        ...{ refreshToken, originalIdToken, onReceived },
        authorizationDetails: grantedDetailsOf(input, refreshToken),
        isStored: async (next) => (await consentThatStores(input, next)) !== undefined,
      }),
    );
    return { ...output, remarks: [...output.remarks, ...remarks] };
  },
};

/** Refreshes a stored consent. The new ID token is compared with what the consent's first one said. */
async function refreshStored(
  input: OperationInput,
  consent: string,
  refreshToken: string,
): Promise<OperationOutput> {
  const output = chosenOutput(input);
  const { tokens, remarks, consentId } = await consentTokens(input).refreshGiven(
    consent,
    refreshToken,
  );
  const isNamed = nameToKeepFor(input) !== undefined;
  return {
    items: [tokenItem(withConsent(tokens, { consent, consentId }), output)],
    stored: { consent, accessToken: tokens.access_token },
    remarks: [...remarks, ...(isNamed ? [] : [storedForRemark(consent)])],
  };
}

/**
 * The ID token that the new one is compared with (OIDC Core §12.2): the option "Original ID Token", or the ID token of the incoming item.
 *
 * An ID token of the incoming item that cannot be read is not used, and a warning says so: the person may not be able to change the item.
 *
 * @throws OpenBankingError `input-missing` if the option was added and yields no text
 */
async function originalIdTokenOf(
  input: OperationInput,
): Promise<{ originalIdToken?: string; remarks: string[] }> {
  const given = textOption(input, 'originalIdToken', 'Original ID Token');
  const { id_token: incoming } = itemOf(input);
  if (given !== undefined) return { originalIdToken: given, remarks: [] };
  if (typeof incoming !== 'string' || !incoming.trim()) return { remarks: [] };
  const isReadable = (await customerOf(incoming.trim(), input.client.profile)) !== undefined;
  return isReadable ? { originalIdToken: incoming, remarks: [] } : { remarks: [UNREADABLE] };
}

/** The details that the tokens of the incoming item were granted, if the refresh token is one of them. */
function grantedDetailsOf(input: OperationInput, refreshToken: string): unknown {
  const { refresh_token: incoming, authorization_details: granted } = itemOf(input);
  return incoming === refreshToken ? granted : undefined;
}

const UNREADABLE =
  'The "id_token" of the incoming item cannot be read, so the customer of the new tokens was not compared with it. Give the ID token of the first token response in "Original ID Token".';

/** The consent that a refresh token is or was stored for. */
async function consentThatStores(
  input: OperationInput,
  refreshToken: string,
): Promise<string | undefined> {
  try {
    return await consentTokens(input).consentOf(refreshToken);
  } catch {
    // A refresh whose tokens are not stored works without a store.
    return undefined;
  }
}

/** Otherwise the record of the other consent would keep a used refresh token. */
function storedElsewhere(consent: string): OpenBankingError {
  return new OpenBankingError('consent-malformed', {
    problem: 'storedElsewhere',
    values: { consent },
    description:
      'Give the same name, or remove the option: then the stored consent follows the refresh. Nothing was sent.',
  });
}

function storedForRemark(consent: string): string {
  return `The refresh token is stored for the consent "${consent}": the new tokens are stored in its place. Set "Keep for Consent" to say so, or use "Get Stored Token".`;
}

const OTHER_TOKENS = {
  access_token: 'the access token',
  id_token: 'the ID token',
  authorization: 'the access token with "Bearer" before it',
};

/** @throws OpenBankingError `refresh-token-malformed` if the value is another token of the incoming item */
function assertRefreshToken(input: OperationInput, given: string): void {
  const item = itemOf(input);
  if (!given || given === item.refresh_token) return;
  for (const [name, token] of Object.entries(OTHER_TOKENS)) {
    if (item[name] !== given) continue;
    throw new OpenBankingError('refresh-token-malformed', {
      problem: 'otherToken',
      values: { token },
    });
  }
}
