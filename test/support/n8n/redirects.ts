import type { RedirectRequest } from '../../../nodes/OpenBankingRedirectTrigger/incoming';
import type {
  OpenedBank,
  Receiver,
} from '../../../nodes/OpenBankingRedirectTrigger/receiveRedirect';
import { createClient, type BankClient } from '../../../core/oauth/client';
import type { PendingAuthorization } from '../../../core/tokens/pendingAuthorizations';
import { customCredential } from '../bank/credential';

/** The address of the trigger in the tests. */
export const redirectUri = 'https://n8n.example/webhook/bank/back';

/** Pending authorizations in memory. */
export class AuthorizationsInMemory {
  readonly #waiting = new Map<string, PendingAuthorization>();
  readonly #errors = new Set<string>();

  /** Stores an authorization that waits for its answer. */
  add(state: string, changes: Partial<PendingAuthorization> = {}): void {
    this.#errors.delete(state);
    this.#waiting.set(state, { state, redirectUri, responseType: 'code', ...changes });
  }

  findWaiting(state: string): Promise<PendingAuthorization | undefined> {
    return Promise.resolve(this.#waiting.get(state));
  }

  receive(state: string): Promise<boolean> {
    return Promise.resolve(this.#waiting.delete(state));
  }

  receiveUnsignedError(state: string): Promise<boolean> {
    const isFirst = !this.#errors.has(state);
    this.#errors.add(state);
    return Promise.resolve(isFirst);
  }
}

let client: Promise<BankClient> | undefined;

/** A client of a bank that nobody can reach: enough for answers that are not signed. */
const unreachable = (): Promise<BankClient> =>
  (client ??= customCredential('https://localhost:1').then((settings) => createClient(settings)));

/** A trigger that accepts answers to these authorizations. */
export function receiverOf(pending: OpenedBank['pending'], changes: Partial<Receiver> = {}) {
  return (): Receiver => ({
    open: async () => ({ pending, client: await unreachable() }),
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
