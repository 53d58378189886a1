import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { OpenBankingError } from '../errors/OpenBankingError';
import { Cancellation } from '../lib/cancellation';
import { LONGEST_TIMER } from '../lib/time';
import { assertReadable, financialIdOf, requiredAccountApi } from '../profile/accountApi';
import type { Profile } from '../profile/profile';
import { MAXIMUM_PAGE, MEBIBYTE } from '../transport/body';
import { isSuccessStatus } from '../transport/oddAnswer';
import { cancelled, DataServer } from '../transport/dataServer';
import type { HttpResponse } from '../transport/send';
import type { Access } from './access';
import type { ApiAnswer } from './apiAnswer';
import { apiError, withInteraction } from './apiError';
import {
  accountIdIn,
  apiRequest,
  commonHeaders,
  hasPeriod,
  requestSecrets,
  type CommonHeaders,
  type CommonValues,
  type RequestSecrets,
  type RequestValues,
} from './apiRequest';
import { JSON_AND_JWT, type SignedAnswers } from './signedAnswers';
import { Waits } from './waits';

export { accountPath } from './apiRequest';

/** Milliseconds that a request waits in all because the bank asks for it, if nothing else is said. */
const MAXIMUM_WAIT = 120_000;

/** Options of {@link AccountApi}. */
export interface ApiOptions extends CommonValues, Partial<SignedAnswers> {
  /** Overrides that of the profile. */
  readonly financialId?: string;
  /** Milliseconds that one request waits in all if the bank asks for pauses; two minutes if not given. */
  readonly maximumWait?: number;
  /** Maximum bytes of a page; at most 16 MiB, which also counts if it is not given. */
  readonly maximumPage?: number;
  /** Ends requests and pauses at once. */
  readonly signal?: AbortSignal;
  /** Waits. A test gives another one. It may fail if the signal ends it. */
  readonly pause?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** A resource below the base address of the account API. */
interface Target {
  readonly url: string;
  readonly path: string;
  readonly query: string;
}

/** One sent request, and its answer or failure. */
type Attempt = Pick<RequestValues, 'authorization' | 'interactionId'> &
  (
    | { readonly response: HttpResponse; readonly failure?: undefined }
    | { readonly response?: undefined; readonly failure: OpenBankingError }
  );

/** The account API of a bank, for one consent or token. It may serve many requests at the same time. */
export class AccountApi {
  /** The base address. */
  readonly #base: string;

  readonly #server: DataServer;

  readonly #cancellation: Cancellation;

  readonly #common: CommonHeaders;

  readonly #maximumPage: number;

  readonly #pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;

  /** @throws OpenBankingError `field-missing`, `field-malformed`, `address-blocked` */
  constructor(
    private readonly profile: Profile,
    private readonly access: Access,
    private readonly options: ApiOptions = {},
  ) {
    const { identity, timeouts } = profile;
    assertReadable(profile);
    const endpoint = requiredAccountApi(profile);
    this.#base = endpoint.url;
    this.#cancellation = new Cancellation(options.signal);
    this.#server = new DataServer(endpoint, identity, {
      connect: timeouts.connect,
      silence: timeouts.request,
      cancellation: this.#cancellation,
    });
    const financialId = financialIdOf(options.financialId) ?? profile.financialId;
    this.#common = {
      ...profile.accountApiHeaders,
      ...commonHeaders({ ...options, financialId }),
      ...(options.plain && { Accept: JSON_AND_JWT }),
    };
    this.#maximumPage = Math.min(options.maximumPage ?? MAXIMUM_PAGE, MAXIMUM_PAGE);
    this.#pause = options.pause ?? wait;
  }

  /**
   * Gets a resource. A request without an answer is repeated twice. One that the bank wants later is sent later, if that is soon enough. One
   * whose token the bank refuses is repeated with another token, if there is one.
   *
   * @param path below the base address, its segments encoded
   * @param query sent as it is, without `?`
   * @param ending ends this request and its pauses at once
   * @returns an answer with a status from 200 to 299, and any body
   * @throws OpenBankingError of the stages `api`, `tls`, `request` and `response`, and those of the access
   */
  async get(path: string, query = '', ending?: Cancellation): Promise<ApiAnswer> {
    const target = { url: `${this.#base}${path}${query && '?'}${query}`, path, query };
    const waits = new Waits(this.options.maximumWait ?? MAXIMUM_WAIT);
    let mayRenew = true;
    let authorization = await this.#unlessCancelled(this.access.authorization());
    /** The access tokens of all attempts. One that the bank refused may live on elsewhere. */
    const sent: string[] = [];
    for (;;) {
      const token = authorization.replace(/^Bearer /, '');
      if (!sent.includes(token)) sent.push(token);
      const attempt = await this.#attempt(target, authorization, ending);
      if (attempt.response && isSuccessStatus(attempt.response.status)) {
        this.access.accepted?.(authorization);
        const response = (await this.options.plain?.(attempt.response)) ?? attempt.response;
        return answerOf(target, attempt, response, requestSecrets(sent, this.profile));
      }
      if (attempt.response?.status === 401 && mayRenew) {
        mayRenew = false;
        const other = await this.#unlessCancelled(this.access.renewed(authorization));
        if (other !== undefined) {
          authorization = other;
          continue;
        }
      }
      const pause = attempt.response
        ? waits.afterAnswer(attempt.response)
        : waits.afterFailure(attempt.failure);
      if (pause === undefined) {
        const plain = attempt.response && (await this.options.plain?.(attempt.response));
        const last = plain ? { ...attempt, response: plain } : attempt;
        throw this.#explained(target, last, waits, sent);
      }
      await this.#unlessCancelled(this.#pause(pause, this.#signalWith(ending)), ending);
      // The token may have expired in the meantime.
      authorization = await this.#unlessCancelled(this.access.authorization());
    }
  }

  async #attempt(
    { url, path }: Target,
    authorization: string,
    ending: Cancellation | undefined,
  ): Promise<Attempt> {
    const interactionId = randomUUID();
    const sent = { authorization, interactionId };
    const request = apiRequest({ url, ...sent }, this.#common);
    try {
      const limit = { maximumBody: this.#maximumPage, tooLarge: () => this.#tooLarge(path) };
      const response = await this.#server.receive(request, limit, ending);
      return { ...sent, response };
    } catch (error) {
      if (error instanceof OpenBankingError) return { ...sent, failure: error };
      throw error;
    }
  }

  #tooLarge(asked: string): OpenBankingError {
    const limit = this.#maximumPage / MEBIBYTE;
    return new OpenBankingError('page-too-large', { problem: 'bytes', values: { asked, limit } });
  }

  /** The failure of the last attempt. */
  #explained(
    { url, path, query }: Target,
    attempt: Attempt,
    waits: Waits,
    tokens: readonly string[],
  ): OpenBankingError {
    const { interactionId, authorization, response, failure } = attempt;
    if (!response) {
      return failure.outcome === 'not-sent' ? failure : withInteraction(failure, interactionId);
    }
    const accountId = accountIdIn(path);
    const error = apiError(response, {
      url,
      interactionId,
      authorizedBy: this.access.kind,
      wasRefreshed: this.access.isRenewed?.(authorization) ?? false,
      secrets: requestSecrets(tokens, this.profile).secrets,
      ...(accountId !== undefined && { accountId }),
      hasPeriod: hasPeriod(query),
    });
    const { repeatsSentence: repeats } = waits;
    return repeats ? error.with({ description: `${repeats} ${error.description}` }) : error;
  }

  /** The result of work, or a failure at once if the execution is cancelled. The work itself goes on: a refresh must not be broken off. */
  #unlessCancelled<Result>(work: Promise<Result>, ending?: Cancellation): Promise<Result> {
    if (!this.options.signal && !ending) return work;
    return new Promise((done, fail) => {
      const cancel = (): void => fail(cancelled(this.#server.name));
      if (this.#cancellation.hasHappened || ending?.hasHappened) cancel();
      this.#cancellation.add(cancel);
      ending?.add(cancel);
      work.then(done, fail).finally(() => {
        this.#cancellation.remove(cancel);
        ending?.remove(cancel);
      });
    });
  }

  /** The signal that ends a pause. */
  #signalWith(ending: Cancellation | undefined): AbortSignal | undefined {
    const signals = [this.options.signal, ending?.signal].filter((signal) => signal !== undefined);
    return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  }
}

function answerOf(
  { url }: Target,
  { interactionId }: Attempt,
  { status, headers, body, remarks = [] }: HttpResponse,
  secrets: RequestSecrets,
): ApiAnswer {
  const answer = { status, headers, body, url, interactionId, ...secrets };
  return { ...answer, ...(remarks.length > 0 && { remarks }) };
}

async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  // A longer timer ends at once.
  await after(Math.min(milliseconds, LONGEST_TIMER), undefined, { signal });
}
