import { OpenBankingError } from '../../errors/OpenBankingError';
import { isVschar } from '../../lib/vschar';
import type { Endpoints } from '../../profile/endpoints';
import type { Bank } from '../bank/bank';
import { customerOf, type Customer } from '../jwt/customer';
import { joseHeader } from '../jwt/joseHeader';
import { isExpired, lookedAtAgain, withoutExpiredToken } from './repeatedGrant';
import { prepareGrant, sendGrant, type GrantContext, type OnReceived } from './sendGrant';
import type { Grant } from './tokenRequest';
import type { ReceivedTokens } from './tokenSet';
import type { GrantGuard } from './usedGrants';

/** A refresh (RFC 6749 §6). */
export interface Refresh {
  refreshToken: string;
  /** The ID token of the first token response. A new ID token must name the same customer. */
  originalIdToken?: string;
  /** `authorization_details` of the tokens that are refreshed, see {@link GrantContext}. */
  authorizationDetails?: unknown;
  /**
   * Whether a refresh token that the bank sent is stored for a consent. Its lease guards it, so it is not sent here. If not given, none is
   * stored.
   */
  isStored?: (refreshToken: string) => Promise<boolean>;
  onReceived?: OnReceived;
}

/** A refresh of a stored consent. */
export interface LeasedRefresh {
  refreshToken: string;
  /** The customer of the consent, if it is known. A new ID token must name the same customer. */
  customer?: Customer;
  /** `authorization_details` of the tokens that are refreshed, see {@link GrantContext}. */
  authorizationDetails?: unknown;
  onReceived?: OnReceived;
  /** From {@link prepareRefresh}. */
  endpoints: Endpoints;
  /** See `HttpRequest.beforeHandOver`. */
  beforeHandOver?: () => void;
}

/**
 * Refreshes tokens with a refresh token that the user gave. `UsedGrants` guards it.
 *
 * @throws OpenBankingError `input-missing`, `refresh-token-malformed`, `field-malformed`; also if no tokens came, with the outcome `unknown`
 *   if no answer came. A failed check of received tokens is returned with them
 */
export function refreshTokens(
  bank: Bank,
  guard: GrantGuard,
  refresh: Refresh,
): Promise<ReceivedTokens> {
  return refreshWithNext(bank, guard, refresh, new Set());
}

/** @param used refresh tokens that were used before; a bank may send an earlier one again */
async function refreshWithNext(
  bank: Bank,
  guard: GrantGuard,
  refresh: Refresh,
  used: ReadonlySet<string>,
): Promise<ReceivedTokens> {
  const grant = refreshGrant(refresh.refreshToken);
  const customer = await originalCustomer(refresh, bank);
  const context = contextOf({ ...refresh, customer });
  return guard.usedGrants.sendOnce(guard.user, grant, {
    send: async () => sendGrant(bank, await prepareRefresh(bank), grant, context),
    lookAgain: async (earlier) => {
      const received = await lookedAtAgain(bank, earlier, customer && context.expected);
      const next = received.tokens.refresh_token;
      const all = new Set([...used, grant.refreshToken]);
      // A refresh token that did not pass is not sent, nor is one a second time.
      if (received.failedCheck || !isExpired(received)) return received;
      if (!next || all.has(next) || (await refresh.isStored?.(next))) {
        return withoutExpiredToken(received);
      }
      const { authorization_details: authorizationDetails } = received.tokens;
      const following = { ...refresh, refreshToken: next, authorizationDetails };
      const renewed = await refreshWithNext(bank, guard, following, all);
      return { ...renewed, remarks: [...received.remarks, REFRESHED_AGAIN, ...renewed.remarks] };
    },
  });
}

const REFRESHED_AGAIN =
  'The access token that the refresh token brought has expired meanwhile, so the next refresh token was used.';

/** The customer of the original ID token. @throws OpenBankingError `field-malformed` if it cannot be read */
async function originalCustomer(
  { originalIdToken }: Refresh,
  { profile }: Bank,
): Promise<Customer | undefined> {
  const given = originalIdToken?.trim();
  if (!given) return undefined;
  const customer = await customerOf(given, profile);
  if (customer) return customer;
  throw new OpenBankingError('field-malformed', {
    problem: 'originalIdToken',
    description:
      'Give the ID token of the first token response, unchanged. If it is encrypted, the credential needs the key that it was encrypted for. Nothing was sent.',
  });
}

/**
 * Refreshes tokens with the refresh token of a stored consent. The lease of the consent guards the refresh token. It is sent even if this
 * process has sent it before.
 *
 * @throws OpenBankingError as {@link refreshTokens}
 */
export async function refreshLeased(
  bank: Bank,
  { endpoints, beforeHandOver, ...refresh }: LeasedRefresh,
): Promise<ReceivedTokens> {
  const grant = refreshGrant(refresh.refreshToken);
  return sendGrant(bank, endpoints, grant, { ...contextOf(refresh), beforeHandOver });
}

/**
 * Fetches the endpoints for a refresh, and the bank's keys if an ID token may come.
 *
 * @throws OpenBankingError with the outcome `not-sent`
 */
export function prepareRefresh(bank: Bank): Promise<Endpoints> {
  return prepareGrant(bank, bank.profile.scope);
}

type RefreshGrant = Grant & { type: 'refresh_token' };

/** @throws OpenBankingError `input-missing`, `refresh-token-malformed` */
function refreshGrant(given: string): RefreshGrant {
  const refreshToken = given.trim();
  if (!refreshToken) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Refresh Token' },
    });
  }
  if (!isVschar(refreshToken)) {
    throw new OpenBankingError('refresh-token-malformed', { problem: 'characters' });
  }
  if (isAccessToken(refreshToken)) {
    throw new OpenBankingError('refresh-token-malformed', { problem: 'accessToken' });
  }
  return { type: 'refresh_token', refreshToken };
}

/** Whether a token has the type of an access token in its header (RFC 9068 §2.1). */
function isAccessToken(token: string): boolean {
  const { typ } = joseHeader(token);
  return typeof typ === 'string' && /^(?:application\/)?at\+jwt$/i.test(typ);
}

function contextOf({
  customer,
  onReceived,
  authorizationDetails,
}: Pick<LeasedRefresh, 'customer' | 'onReceived' | 'authorizationDetails'>): GrantContext {
  return { expected: customer ? { customer } : {}, onReceived, authorizationDetails };
}
