import type { RedirectRequest } from '../../nodes/OpenBankingRedirectTrigger/incoming';
import type { OpenedBank, Receiver } from '../../nodes/OpenBankingRedirectTrigger/receiveRedirect';
import type {
  PendingAuthorization,
  PendingAuthorizations,
} from '../../core/tokens/pendingAuthorizations';

/** The address of the trigger in the tests. */
export const redirectUri = 'https://n8n.example/webhook/bank/back';

/** Authorizations that wait in memory, each received once. */
export class AuthorizationsInMemory implements Pick<PendingAuthorizations, 'find' | 'receive'> {
  readonly #waiting = new Map<string, PendingAuthorization>();
  readonly #received = new Set<string>();

  /** Lets an authorization wait for its answer. */
  add(state: string, changes: Partial<PendingAuthorization> = {}): void {
    this.#received.delete(state);
    this.#waiting.set(state, { state, redirectUri, responseType: 'code', ...changes });
  }

  find(state: string): Promise<PendingAuthorization | undefined> {
    return Promise.resolve(this.#waiting.get(state));
  }

  receive(state: string): Promise<boolean> {
    const isFirst = !this.#received.has(state);
    this.#received.add(state);
    return Promise.resolve(isFirst);
  }
}

/** A bank at which these authorizations wait; it signs no response. */
export function bankWith(
  pending: OpenedBank['pending'],
  changes: Partial<OpenedBank> = {},
): OpenedBank {
  const verifyResponse = () => Promise.reject(new Error('Not expected'));
  return { pending, verifyResponse, ...changes };
}

/** A trigger that takes answers to these authorizations. */
export function receiverOf(pending: OpenedBank['pending'], changes: Partial<Receiver> = {}) {
  return (): Receiver => ({
    open: () => Promise.resolve(bankWith(pending)),
    path: '/webhook/bank/back',
    isTest: false,
    ...changes,
  });
}

/** A browser that was sent with a query. */
export function got(query: string): RedirectRequest {
  return { method: 'GET', query };
}

/** A browser that posted a form. */
export function posted(form: string, contentType = 'application/x-www-form-urlencoded') {
  return { method: 'POST', query: '', contentType, body: Buffer.from(form) };
}

/** A browser whose page posted the fragment, or a person who pasted the address. */
export function postedAddress(address: string): RedirectRequest {
  return posted(new URLSearchParams({ address }).toString());
}
