import { digest } from '../lib/digest';
import type { Expiring } from '../lib/expiring';
import { LeastRecentlyUsed } from '../lib/leastRecentlyUsed';
import { Slots } from '../lib/slots';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { Endpoints } from '../profile/endpoints';
import { assertNoSecretInPlainFields } from '../profile/plainFields';
import { bankOf, createProfile, type Profile } from '../profile/profile';
import { bankSettingNames, type BankSettings } from '../profile/settings';
import {
  authorizationLink,
  type AuthorizationLink,
  type AuthorizationLinkOptions,
} from './authorization/authorizationLink';
import {
  readAuthorizationResponse,
  type AuthorizationResponse,
} from './authorization/authorizationResponse';
import { locateRedirect, type LocatedRedirect } from './authorization/unverifiedRedirect';
import {
  verifyRedirect,
  type RedirectExpectations,
  type VerifiedRedirect,
} from './authorization/verifiedRedirect';
import type { Bank } from './bank/bank';
import { discoveredEndpoints } from './bank/discovery';
import { jwksEndpoint, KeySet, type BankKeys } from './bank/jwks';
import { diagnose, type Diagnosis } from './diagnosis/diagnosis';
import { applicationAuthorization } from './grants/applicationAuthorization';
import { applicationToken } from './grants/applicationToken';
import { exchangeCode, type CodeExchange } from './grants/codeExchange';
import {
  prepareRefresh,
  refreshLeased,
  refreshTokens,
  type LeasedRefresh,
  type Refresh,
} from './grants/refresh';
import {
  endArrangement,
  introspectToken,
  revokeToken,
  type ManagedToken,
} from './grants/tokenManagement';
import { checkTokensAgain } from './grants/tokenCheck';
import type { ReceivedTokens, TokenSet } from './grants/tokenSet';
import { UsedGrants, type GrantGuard } from './grants/usedGrants';
import type { IdTokenExpectations } from './jwt/idToken';
import {
  assertNoAssertion,
  signPayload,
  type JwtPayload,
  type TextPayload,
} from './jwt/signPayload';
import { verifyPayload, type PayloadVerification, type VerifiedPayload } from './jwt/verifyPayload';

/** A client of a bank, and the entry point to the protocol. It holds the bank's metadata and keys, the application token, and lists in the editor. */
export class BankClient implements Bank {
  readonly #metadata?: Expiring<Endpoints>;
  readonly #keys: KeySet;
  /** By scope. */
  readonly #applicationAuthorizations = new LeastRecentlyUsed<Expiring<string>>(20);
  readonly #guard: GrantGuard;
  /**
   * Lists of the bank that a person looks through in the editor, for some seconds: each letter of a filter would ask the bank again. They are named
   * by a digest of all that they depend on.
   */
  readonly shownLists = new LeastRecentlyUsed<Promise<readonly object[]>>(100);
  /** Decryptions of redirects that anybody may have sent: one at a time. */
  readonly #decryptions = new Slots(1);

  /**
   * @param fingerprint digest of the settings
   * @param usedGrants guards codes and refresh tokens that the user gives
   */
  constructor(
    readonly profile: Profile,
    readonly fingerprint: string,
    usedGrants: UsedGrants,
  ) {
    const { bank, clientId } = profile;
    if ('discover' in bank) this.#metadata = discoveredEndpoints(profile, bank.discover);
    this.#keys = new KeySet(profile);
    this.#guard = {
      usedGrants,
      user: {
        bank: bankOf(profile),
        clientId,
        certificates: profile.certificateThumbprints,
        credential: profile,
      },
    };
  }

  async endpoints(): Promise<Endpoints> {
    const { bank } = this.profile;
    return 'endpoints' in bank ? bank.endpoints : (await this.#metadata!.current()).value;
  }

  async ensureKeys(): Promise<void> {
    await this.#keys.ensure(jwksEndpoint(await this.endpoints()));
  }

  async keysFor(keyId: string | undefined, maximumAge?: number): Promise<BankKeys> {
    return this.#keys.keysFor(jwksEndpoint(await this.endpoints()), keyId, maximumAge);
  }

  async renewedKeys(): Promise<BankKeys> {
    return this.#keys.renewed(jwksEndpoint(await this.endpoints()));
  }

  /** Exchanges an authorization code, see {@link exchangeCode}. */
  exchange(exchange: CodeExchange): Promise<ReceivedTokens> {
    return exchangeCode(this, this.#guard, exchange);
  }

  /** Refreshes tokens with a refresh token that the user gave, see {@link refreshTokens}. */
  refresh(refresh: Refresh): Promise<ReceivedTokens> {
    return refreshTokens(this, this.#guard, refresh);
  }

  /** Fetches the endpoints and keys for {@link refreshLeased}, see {@link prepareRefresh}. */
  prepareRefresh(): Promise<Endpoints> {
    return prepareRefresh(this);
  }

  /** Refreshes the tokens of a stored consent whose lease the caller holds, see {@link refreshLeased}. */
  refreshLeased(refresh: LeasedRefresh): Promise<ReceivedTokens> {
    return refreshLeased(this, refresh);
  }

  /** Checks received tokens again, see {@link checkTokensAgain}. */
  checkAgain(tokens: TokenSet, expected: IdTokenExpectations): Promise<ReceivedTokens> {
    return checkTokensAgain(this, tokens, expected);
  }

  /** Gets a new token for the application itself, see {@link applicationToken}. */
  applicationToken(scope?: string): Promise<ReceivedTokens> {
    return applicationToken(this, scope);
  }

  /**
   * The `Authorization` header for the application itself, from memory for five minutes.
   *
   * @param scope if empty, the scope of the profile
   * @throws OpenBankingError as `applicationToken`
   */
  async applicationAuthorization(scope?: string): Promise<string> {
    return (await this.#applicationAuthorizationFor(scope).current()).value;
  }

  /**
   * Another `Authorization` header for the application itself, after the bank refused one. All callers share one request.
   *
   * @throws OpenBankingError as `applicationToken`
   */
  async renewedApplicationAuthorization(refused: string, scope?: string): Promise<string> {
    const authorization = this.#applicationAuthorizationFor(scope);
    const { value } = await authorization.any();
    return value === refused ? (await authorization.renew()).value : value;
  }

  #applicationAuthorizationFor(scope = ''): Expiring<string> {
    const wanted = scope.trim();
    return this.#applicationAuthorizations.obtain(wanted, () =>
      applicationAuthorization(this, wanted),
    );
  }

  /** Makes a link that sends a customer to the bank, see {@link authorizationLink}. */
  authorizationLink(options: AuthorizationLinkOptions): Promise<AuthorizationLink> {
    return authorizationLink(this, options);
  }

  /** Reads and verifies the answer of a customer's bank, see {@link readAuthorizationResponse}. */
  async readRedirect(
    input: string,
    expected: RedirectExpectations = {},
  ): Promise<AuthorizationResponse> {
    return readAuthorizationResponse(input, this, await this.endpoints(), expected);
  }

  /** The state of a redirect that anybody may have sent, see {@link locateRedirect}. */
  locateRedirect(parameters: URLSearchParams): Promise<LocatedRedirect> {
    const { decryptionKeys } = this.profile;
    return locateRedirect(parameters, { decryptionKeys, slots: this.#decryptions });
  }

  /** Verifies the parameters of a redirect, see {@link verifyRedirect}. */
  async verifyRedirect(
    parameters: URLSearchParams,
    expected: RedirectExpectations,
  ): Promise<VerifiedRedirect> {
    return verifyRedirect(parameters, this, await this.endpoints(), expected);
  }

  /** Signs a payload with the credential's signing key, see {@link signPayload}. */
  async signPayload(payload: JwtPayload | TextPayload): Promise<string> {
    assertNoAssertion(payload, this.profile.clientId);
    return signPayload(await this.profile.requestSigner(), payload);
  }

  /** Verifies a payload with the bank's keys, see {@link verifyPayload}. */
  async verifyPayload(verification: PayloadVerification): Promise<VerifiedPayload> {
    return verifyPayload(this, await this.endpoints(), verification);
  }

  /** Revokes a token, see {@link revokeToken}. */
  revoke(managed: ManagedToken): Promise<void> {
    return revokeToken(this, managed);
  }

  /** Ends a consent in Australia, see {@link endArrangement}. */
  endArrangement(arrangementId: string): Promise<boolean> {
    return endArrangement(this, arrangementId);
  }

  /** Introspects a token, see {@link introspectToken}. */
  introspect(managed: ManagedToken): Promise<Record<string, unknown>> {
    return introspectToken(this, managed);
  }
}

/** A client, and its settings that hold no secret in a plain field. */
interface Remembered {
  readonly client: Promise<BankClient>;
  /** Digest of all fields of the settings that passed the check last: also of those that do not change the client. */
  checked: string;
}

/** Up to 1,000 clients, by a digest of their settings, so that no name contains a secret. Refused settings are not remembered. */
const clients = new LeastRecentlyUsed<Remembered>(1000);

/** The grants that this process used. All clients share them, so that a change of the credential does not lose them. */
const usedGrants = new UsedGrants();

/**
 * The client of these settings. It is made once, and then comes from memory, until another certificate of the settings is the right one.
 *
 * @throws OpenBankingError of the stage `configuration`
 */
export async function clientOf(settings: BankSettings): Promise<BankClient> {
  const fingerprint = fingerprintOf(settings);
  const all = digest(settings);
  // Also fields that do not change the client may hold a secret. All items of an execution mostly have the same fields.
  if (clients.get(fingerprint)?.checked !== all) assertNoSecretInPlainFields(settings);
  const obtain = () =>
    clients.obtain(fingerprint, () => {
      const created = { client: createClient(settings, usedGrants), checked: all };
      created.client.catch(() => clients.delete(fingerprint, created));
      return created;
    });
  const remembered = obtain();
  remembered.checked = all;
  const { choiceUntil } = (await remembered.client).profile;
  if (!choiceUntil || new Date() < choiceUntil) return remembered.client;
  clients.delete(fingerprint, remembered);
  return obtain().client;
}

/**
 * A new client of these settings.
 *
 * @param grants codes and refresh tokens that were used before; none if not given
 * @throws OpenBankingError of the stage `configuration`
 */
export async function createClient(
  settings: BankSettings,
  grants = new UsedGrants(),
): Promise<BankClient> {
  return new BankClient(await createProfile(settings), fingerprintOf(settings), grants);
}

function fingerprintOf(settings: BankSettings): string {
  return digest(
    Object.fromEntries(
      Object.entries(settings).filter(([name]) => Object.hasOwn(bankSettingNames, name)),
    ),
  );
}

/** Tests settings, see {@link diagnose}. If the settings cannot be used, the failure says why. */
export async function diagnoseSettings(settings: BankSettings): Promise<Diagnosis> {
  let client: BankClient;
  try {
    client = await clientOf(settings);
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    return { proven: [], failure: error, notices: [] };
  }
  return diagnose(client);
}
