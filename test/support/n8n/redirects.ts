import type { RedirectRequest } from '../../../nodes/OpenBankingRedirectTrigger/incoming';
import type {
  OpenedBank,
  Receiver,
} from '../../../nodes/OpenBankingRedirectTrigger/receiveRedirect';
import type {
  PendingAuthorization,
  PendingAuthorizations,
} from '../../../core/tokens/pendingAuthorizations';

/** The address of the trigger in the tests. */
export const redirectUri = 'https://n8n.example/webhook/bank/back';

/** Pending authorizations in memory. Each can be received once. */
export class AuthorizationsInMemory implements Pick<PendingAuthorizations, 'find' | 'receive'> {
  readonly #waiting = new Map<string, PendingAuthorization>();
  readonly #received = new Set<string>();

  /** Stores an authorization that waits for its answer. */
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

/** A bank with these pending authorizations. It signs no response. */
export function bankWith(
  pending: OpenedBank['pending'],
  changes: Partial<OpenedBank> = {},
): OpenedBank {
  const verifyResponse = () => Promise.reject(new Error('Not expected'));
  return { pending, verifyResponse, ...changes };
}

/** A trigger that accepts answers to these authorizations. */
export function receiverOf(pending: OpenedBank['pending'], changes: Partial<Receiver> = {}) {
  return (): Receiver => ({
    open: () => Promise.resolve(bankWith(pending)),
    path: '/webhook/bank/back',
    isTest: false,
    ...changes,
  });
}

/** The request of a browser that was redirected with a query. */
export function got(query: string): RedirectRequest {
  return { method: 'GET', query };
}

/** The request of a browser that posted a form. */
export function posted(form: string, contentType = 'application/x-www-form-urlencoded') {
  return { method: 'POST', query: '', contentType, body: Buffer.from(form) };
}

/** The request of a page that posted the fragment, or the address that a person pasted. */
export function postedAddress(address: string): RedirectRequest {
  return posted(new URLSearchParams({ address }).toString());
}
