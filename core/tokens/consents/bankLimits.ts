import { Slots } from '../../lib/slots';

/** Maximum number of refreshes at a bank for a store, and of looks at the store for it, that are under way at the same time in this process. */
const AT_ONCE = 32;

/**
 * The limits for what this process does at the same time for one bank and store. Work for one bank never waits for work of another one, and
 * neither does work for one store.
 *
 * They are two, so that a bank that does not answer holds up no caller whose stored token is fresh.
 */
export class BankLimits {
  /** For a look at the store. A request to the bank must not be made in such a slot. */
  readonly looks = new Slots(AT_ONCE);

  /** For a refresh, from its lease to its end. */
  readonly refreshes = new Slots(AT_ONCE);
}
