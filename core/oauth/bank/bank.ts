import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { BankKeys } from './jwks';

/** A bank: the client's profile, and the bank's endpoints and keys. `BankClient` implements it; the code below the client uses it. */
export interface Bank {
  readonly profile: Profile;

  /**
   * The bank's endpoints: as configured, or from its metadata.
   *
   * @throws OpenBankingError `discovery-failed`, `discovery-issuer-mismatch` and those of `send`, with the outcome `not-sent`
   */
  endpoints(): Promise<Endpoints>;

  /**
   * Makes sure that keys of the bank are in memory. Call this before a code or a refresh token is sent: later it is too late to find that
   * the ID token cannot be verified.
   *
   * @throws OpenBankingError `jwks-unusable` and those of `send`, with the outcome `not-sent`
   */
  ensureKeys(): Promise<void>;

  /**
   * The bank's keys to verify a signature with.
   *
   * @param keyId `kid` of the signature, if it has one
   * @param maximumAge maximum milliseconds since the bank sent the keys; no limit if not given
   * @throws OpenBankingError as {@link ensureKeys}, if no keys are known or all are too old
   */
  keysFor(keyId: string | undefined, maximumAge?: number): Promise<BankKeys>;

  /**
   * The bank's keys, after no key verified a signature. They are fetched again if they are older than a minute, and if no other signature
   * caused that in the last minute.
   *
   * @returns the same object as {@link keysFor} if there are no newer keys
   * @throws OpenBankingError as {@link ensureKeys}
   */
  renewedKeys(): Promise<BankKeys>;
}
