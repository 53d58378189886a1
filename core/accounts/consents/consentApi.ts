import { setTimeout as after } from 'node:timers/promises';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { BankClient } from '../../oauth/client';
import { financialIdOf, requiredAccountApi } from '../../profile/accountApi';
import type { Endpoint } from '../../profile/endpoints';
import { cancelled } from '../../transport/dataServer';
import { isSuccessStatus } from '../../transport/oddAnswer';
import { send, type HttpRequest, type HttpResponse } from '../../transport/send';
import type { ApiOptions } from '../accountApi';
import type { ApiAnswer } from '../apiAnswer';
import { commonHeaders, requestSecrets, type CommonHeaders } from '../apiRequest';
import { JSON_AND_JWT, plainAnswer } from '../signedAnswers';
import { Waits } from '../waits';
import {
  consentError,
  saysUnknown,
  unansweredConsent,
  unreadableConsent,
  type AskedConsent,
} from './consentError';
import { consentDialects, type ConsentCreation, type ConsentDialect } from './consentDialect';
import {
  consentRequest,
  customerNumbers,
  type ConsentBody,
  type ConsentMethod,
  type RequestedConsent,
} from './consentRequest';
import { readConsent, type BankConsent } from './consentResponse';
import { isOver } from './consentStatus';
import { isConsent, signedBody, type SigningClient } from './signedConsents';

/** Milliseconds that a request waits in all because the bank asks for it, if nothing else is said. */
const MAXIMUM_WAIT = 120_000;

/** Options of {@link ConsentApi}. */
export interface ConsentApiOptions extends ApiOptions {
  /** Scope of the application's token; that of the profile if empty. */
  readonly scope?: string;
  /** The way in which the bank wants consents to be created: that of the profile's regime if not given. */
  readonly creation?: ConsentCreation;
}

/** The client of the bank, as far as it is needed here. */
export type ApplicationClient = SigningClient &
  Pick<BankClient, 'applicationAuthorization' | 'renewedApplicationAuthorization'>;

/** A request of this class. */
interface Asking {
  readonly method: ConsentMethod;
  readonly consentId?: string;
  readonly requested?: RequestedConsent;
  /** Content of the body. */
  readonly content?: object;
}

/** The bank's answer, and the request that it answers. */
interface Answered {
  readonly response: HttpResponse;
  readonly asked: AskedConsent;
}

/**
 * The consents of the application at its bank, such as the account-access-consents of OBIE v3.1 and v4.0. It asks with the token of the application
 * itself: no customer is needed, and the bank does not count it as a read of account data.
 *
 * A request that creates or ends a consent is sent once. It is sent again only if the bank refused the token (401) or wants it later (429):
 * then it has done nothing.
 */
export class ConsentApi {
  readonly #endpoint: Endpoint;

  readonly #dialect: ConsentDialect;

  readonly #common: CommonHeaders;

  readonly #pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;

  /** @throws OpenBankingError `field-missing`, `field-malformed` */
  constructor(
    private readonly client: ApplicationClient,
    private readonly options: ConsentApiOptions = {},
  ) {
    const { profile } = client;
    const { consentCreation } = profile.rules;
    const creation = options.creation ?? (consentCreation === 'none' ? 'obie' : consentCreation);
    this.#dialect = consentDialects[creation];
    this.#endpoint = requiredAccountApi(profile);
    const financialId = financialIdOf(options.financialId) ?? profile.financialId;
    this.#common = { ...profile.accountApiHeaders, ...commonHeaders({ ...options, financialId }) };
    this.#pause =
      options.pause ?? ((milliseconds, signal) => after(milliseconds, undefined, { signal }));
  }

  /**
   * Creates a consent that a customer can authorize.
   *
   * @throws OpenBankingError `consent-refused`, `consent-outcome-unknown`, `data-missing`, others of the stages `api`, `tls` and `request`,
   *   and those of the application's token
   */
  async create(requested: RequestedConsent): Promise<BankConsent> {
    const content = this.#dialect.creation(requested);
    return this.#consentIn(await this.#ask({ method: 'POST', requested, content }));
  }

  /** The consent as the bank has it now. @throws OpenBankingError `field-malformed`, `bank-consent-unknown`, and as {@link create} */
  async get(consentId: string): Promise<BankConsent> {
    return this.#consentIn(await this.#ask({ method: 'GET', consentId }));
  }

  /**
   * Ends a consent at the bank. If the bank refuses, it is asked whether the consent has ended: a code may also mean that it is suspended.
   *
   * @returns whether it was there; `false` if it had ended before, or if the bank says that there is none
   * @throws OpenBankingError as {@link get}
   */
  async delete(consentId: string): Promise<boolean> {
    const { response, asked } = await this.#ask(await this.#ending(consentId));
    if (isSuccessStatus(response.status)) return true;
    if (saysUnknown(response, asked)) return false;
    const error = consentError(response, asked);
    if (error.code === 'consent-refused' && (await this.#isOver(consentId))) return false;
    throw error;
  }

  async #ending(consentId: string): Promise<Asking> {
    const { end } = this.#dialect;
    if (!end) return { method: 'DELETE', consentId };
    const { status } = await this.get(consentId);
    return { method: 'PATCH', consentId, content: end(status === 'awaiting') };
  }

  /** Whether the bank says that a consent has ended. `false` if it cannot be read. */
  async #isOver(consentId: string): Promise<boolean> {
    const { status } = await this.get(consentId).catch(() => ({ status: '' }));
    return isOver(status);
  }

  #consentIn({ response, asked }: Answered): BankConsent {
    if (!isSuccessStatus(response.status)) throw consentError(response, asked);
    const { status, headers, body } = response;
    const { url, interactionId, secrets, secretsInData } = asked;
    const answer: ApiAnswer = {
      ...{ status, headers, body, url, interactionId },
      ...{ secrets, secretsInData },
    };
    try {
      return readConsent(answer, this.#dialect.members);
    } catch (error) {
      throw error instanceof OpenBankingError ? unreadableConsent(error, asked) : error;
    }
  }

  async #ask(asking: Asking): Promise<Answered> {
    const { method, consentId, requested, content } = asking;
    const url = this.#dialect.url(this.#endpoint.url, consentId);
    const {
      scope = this.client.profile.rules.applicationScope,
      maximumWait = MAXIMUM_WAIT,
      signal,
    } = this.options;
    const waits = new Waits(maximumWait);
    const tokens = new Set<string>();
    let mayRenew = true;
    let authorization = await this.client.applicationAuthorization(scope);
    for (;;) {
      tokens.add(authorization.replace(/^Bearer /, ''));
      const body = content && (await this.#bodyOf(content));
      const accept = this.#dialect.isSigned ? JSON_AND_JWT : 'application/json';
      const { request, interactionId } = consentRequest(
        { method, url, authorization, accept, body },
        this.#common,
      );
      const asked = {
        ...{ method, url, interactionId },
        ...requestSecrets([...tokens], this.client.profile, customerNumbers(requested)),
        ...(consentId !== undefined && { consentId }),
        ...(requested && { permissions: requested.permissions }),
      };
      if (signal?.aborted) throw this.#cancelled();
      const attempt = await this.#attempt(request);
      if ('response' in attempt) {
        const { response: received } = attempt;
        const response = await this.#plain(received, asked);
        if (response.status === 401 && mayRenew) {
          mayRenew = false;
          authorization = await this.client.renewedApplicationAuthorization(authorization, scope);
          continue;
        }
        const pause = mayRepeat(method, response) ? waits.afterAnswer(response) : undefined;
        if (pause === undefined) return { response, asked };
        await this.#wait(pause);
      } else {
        const { failure } = attempt;
        const pause = method === 'GET' ? waits.afterFailure(failure) : undefined;
        if (pause === undefined) throw unansweredConsent(failure, asked);
        await this.#wait(pause);
      }
      // The token may have expired in the meantime.
      authorization = await this.client.applicationAuthorization(scope);
    }
  }

  /**
   * The answer without its signature. Banks sign a new consent, and not all of them what a consent is like later. Nothing is read from a success
   * that ends a consent.
   */
  async #plain(response: HttpResponse, asked: AskedConsent): Promise<HttpResponse> {
    const endsConsent = asked.method === 'PATCH' || asked.method === 'DELETE';
    const isUnread = endsConsent && isSuccessStatus(response.status);
    if (!this.#dialect.isSigned || isUnread) return response;
    try {
      return await plainAnswer(this.client, response, asked.method === 'POST');
    } catch (error) {
      throw error instanceof OpenBankingError ? unreadableConsent(error, asked) : error;
    }
  }

  async #bodyOf(content: object): Promise<ConsentBody> {
    if (this.#dialect.isSigned) return signedBody(this.client, content);
    return { type: 'application/json', content: JSON.stringify(content) };
  }

  async #wait(milliseconds: number): Promise<void> {
    const { signal } = this.options;
    try {
      await this.#pause(milliseconds, signal);
    } catch (error) {
      throw signal?.aborted ? this.#cancelled() : error;
    }
  }

  #cancelled(): OpenBankingError {
    const { url, source } = this.#endpoint;
    return cancelled(`"${new URL(url).host}" (${source})`);
  }

  async #attempt(
    request: HttpRequest,
  ): Promise<{ readonly response: HttpResponse } | { readonly failure: OpenBankingError }> {
    const { source, reach } = this.#endpoint;
    const { identity, timeouts } = this.client.profile;
    const isPost = request.method === 'POST';
    try {
      const options = {
        ...{ ...request, source, ...(reach && { reach }) },
        ...(isPost && { isWanted: isConsent }),
        // The bank may close an older one at the moment when it is used again: then nobody knows what it did.
        needsNewConnection: request.method !== 'GET',
      };
      return { response: await send(options, identity, timeouts) };
    } catch (failure) {
      if (failure instanceof OpenBankingError) return { failure };
      throw failure;
    }
  }
}

/** Whether a request may be sent again after a refusal: a GET always, the others only if the bank has done nothing (RFC 6585 §4). */
function mayRepeat(method: ConsentMethod, { status }: HttpResponse): boolean {
  if (isSuccessStatus(status)) return false;
  return method === 'GET' || status === 429;
}
