import { receiveRedirect } from '../../nodes/OpenBankingRedirectTrigger/receiveRedirect';
import { clientOf } from '../../core/oauth/client';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import type { PendingAuthorization } from '../../core/tokens/pendingAuthorizations';
import { posted } from '../support/n8n/redirects';
import type { Behaviour, Exchanged, MisbehavingBank } from './misbehavingBank';

/** The result of a form that the customer's browser posted to the trigger. */
export interface Posted {
  /** Code of the error of the trigger. */
  readonly refused?: string;
  /** The result of the exchange, if the trigger accepted the form. */
  readonly exchanged?: Exchanged;
  /** The item of the output "Not Authorized". */
  readonly notAuthorized?: object;
}

/** Posts forms to the redirect trigger, as a bank lets the browser do with `response_mode=form_post` (OAuth 2.0 Form Post). */
export class FormPost {
  constructor(
    private readonly bank: MisbehavingBank,
    private readonly pending: Partial<PendingAuthorization>,
  ) {}

  /**
   * Asks for an authorization, posts the bank's answer, and lets the node exchange the item of the trigger.
   *
   * @param change changes the parameters of the form
   */
  async answer(
    behaviour: Behaviour,
    change: (form: URLSearchParams) => void = () => undefined,
  ): Promise<Posted> {
    const { bank } = this;
    bank.begin(behaviour);
    await bank.storePending(this.pending);
    const { search, hash } = new URL(await bank.redirect());
    const form = new URLSearchParams(search || hash.slice(1));
    change(form);
    const client = await clientOf(bank.settings);
    const { authorized, notAuthorized, failure } = await receiveRedirect(
      posted(form.toString()),
      () => ({
        open: () => Promise.resolve({ pending: openPendingAuthorizations(client, {}), client }),
        path: '/redirect',
        isTest: false,
      }),
    );
    return {
      ...(failure !== undefined && { refused: (failure as { code: string }).code }),
      ...(notAuthorized && { notAuthorized }),
      ...(authorized && { exchanged: await bank.exchangePending(authorized.redirect as string) }),
    };
  }
}
