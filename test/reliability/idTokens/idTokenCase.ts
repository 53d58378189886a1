import type { IDataObject, INode, ITaskData } from 'n8n-workflow';
import { CONSENT, forgedRedirect, STATE } from '../../conformance/forgedRedirect';
import type { Forgery } from '../../support/bank/idTokens';
import { outputOf, runNode } from '../../support/n8n/nodeExecution';
import { forgeryFor, NONCE, type IdTokenBank } from './idTokenBank';
import type { IdTokenKind, Place } from './kinds';

/** The flow by which a code comes. */
export type Flow = 'code' | 'jarm' | 'hybrid';

/** What is done with the bad ID token. */
export type Scene =
  | 'redirect'
  | 'exchange'
  | 'exchange of a stored consent'
  | 'renewal of a stored consent'
  | 'refresh'
  | 'refresh of a stored consent'
  | 'early refresh of a stored consent';

/** The moments of a scene, as seconds since its first one: the third one is after the life of an access token. */
export const MOMENTS = [0, 3_100, 4_000, 90_000] as const;

const [BEGIN, WITHIN_LIFE, AFTER_LIFE, NEXT_DAY] = MOMENTS;

/** Seconds before its end from which a token is refreshed. */
const MARGIN = 1_000;

/** The place of the ID token in a scene. */
export function placeOf(scene: Scene, flow: Flow): Place {
  switch (scene) {
    case 'redirect':
      return 'redirect';
    case 'exchange':
    case 'exchange of a stored consent':
      return flow === 'hybrid' ? 'exchange after hybrid' : 'exchange';
    case 'renewal of a stored consent':
      return 'renewal';
    default:
      return 'refresh';
  }
}

/** One kind of ID token by one flow in one scene. */
export class IdTokenCase {
  /** What was wrong, in words; empty if all is right. */
  readonly wrong: string[] = [];
  readonly #clientId: string;
  #codes = 0;
  #first: IDataObject = {};

  constructor(
    private readonly bank: IdTokenBank,
    readonly kind: IdTokenKind,
    readonly flow: Flow,
    readonly scene: Scene,
    number: number,
  ) {
    this.#clientId = `client-${number}`;
  }

  get title(): string {
    return `${this.kind.title} [${this.flow}, ${this.scene}]`;
  }

  /** Whether the ID token has to fail. */
  get fails(): boolean {
    const place = placeOf(this.scene, this.flow);
    const asAfterHybrid = place === 'renewal' && this.flow === 'hybrid';
    // The ID token of the redirect named the consent already.
    if (asAfterHybrid && this.kind.title === 'no consent') return false;
    return this.kind.fails.includes(place);
  }

  /** Does what the scene has at a moment. */
  async at(moment: (typeof MOMENTS)[number]): Promise<void> {
    try {
      await this.#at(moment);
    } catch (error) {
      this.wrong.push(`after ${moment} s: ${String(error)}`);
    }
  }

  async #at(moment: (typeof MOMENTS)[number]): Promise<void> {
    const { scene } = this;
    if (moment === BEGIN) {
      if (scene === 'redirect') return this.#badRedirect();
      if (scene === 'exchange') return this.#badExchange();
      if (scene === 'exchange of a stored consent') return this.#badStoredExchange();
      return this.#begin();
    }
    switch (scene) {
      case 'refresh':
        if (moment === AFTER_LIFE) await this.#badRefresh();
        return;
      case 'early refresh of a stored consent':
        return this.#badStoredRefresh(moment);
      case 'refresh of a stored consent':
        if (moment > WITHIN_LIFE) await this.#badStoredRefresh(moment);
        return;
      case 'exchange of a stored consent':
        if (this.fails && moment === NEXT_DAY) await this.#expectNothingUsable(1);
        return;
      default:
        return;
    }
  }

  async #badRedirect(): Promise<void> {
    const code = await this.#redirect({ redirectIdToken: this.kind.forgery() });
    this.#expect(await this.#exchange(code), this.fails, this.fails ? 0 : 1);
  }

  async #badExchange(): Promise<void> {
    this.bank.forge(this.#clientId, this.kind.forgery());
    const code = await this.#redirect();
    this.#expect(await this.#exchange(code), this.fails, 1);
    if (!this.fails) return;
    // The memory of used grants answers in place of the bank.
    const continued = await this.#exchange(code, {}, 'continueRegularOutput');
    const [{ json } = { json: {} }] = outputOf(continued);
    if (Object.keys(json).join() !== 'error') this.wrong.push('more than { error } on the output');
    const onError = await this.#exchange(code, {}, 'continueErrorOutput');
    const [item] = outputOf(onError, 1);
    if (outputOf(onError).length) this.wrong.push('an item on the regular output');
    if (!item?.json.access_token) this.wrong.push('no received tokens on the error output');
    if (item && item.json.authorization !== undefined) this.wrong.push('an authorization');
    this.#expectRequests(1);
  }

  async #badStoredExchange(): Promise<void> {
    this.bank.forge(this.#clientId, this.kind.forgery());
    const code = await this.#redirect();
    this.#expect(await this.#exchange(code, { keepForConsent: 'c' }), this.fails, 1);
    if (this.fails) return this.#expectNothingUsable(1);
    this.#expectToken(await this.#valid(), 1);
  }

  /** Exchanges a code with good ID tokens; then a second one, if the scene is a renewal. */
  async #begin(): Promise<void> {
    const isStored = this.scene !== 'refresh';
    const options: IDataObject = isStored ? { keepForConsent: 'c' } : {};
    const task = await this.#exchange(await this.#redirect(), options);
    this.#expect(task, false, 1);
    this.#first = outputOf(task)[0]?.json ?? {};
    this.bank.forge(this.#clientId, this.kind.forgery());
    if (this.scene !== 'renewal of a stored consent') return;
    this.#expect(await this.#exchange(await this.#redirect(), options), this.fails, 2);
    this.#expectToken(await this.#valid(), this.fails ? 1 : 2);
  }

  async #badRefresh(): Promise<void> {
    const task = await this.#run(
      { operation: 'refresh', refreshToken: '={{ $json.refresh_token }}' },
      this.#first,
    );
    this.#expect(task, this.fails, 2);
  }

  async #badStoredRefresh(moment: number): Promise<void> {
    const task = await this.#valid();
    if (!this.fails) {
      if (moment < NEXT_DAY) this.#expectToken(task, 2);
      return;
    }
    if (moment === WITHIN_LIFE) this.#expectToken(task, 1);
    else this.#expect(task, true, 2);
    this.#expectRequests(2);
  }

  async #expectNothingUsable(requests: number): Promise<void> {
    this.#expect(await this.#valid(), true, requests);
  }

  /** The address of a redirect with a new code. */
  #redirect({ redirectIdToken }: { redirectIdToken?: Forgery } = {}): Promise<string> {
    const code = `code-${this.#clientId}-${++this.#codes}`;
    return forgedRedirect(code, this.#clientId, {
      redirect: this.flow,
      redirectIdToken: forgeryFor(this.#clientId, redirectIdToken),
    });
  }

  #exchange(code: string, more: IDataObject = {}, onError?: INode['onError']): Promise<ITaskData> {
    const options = { nonce: NONCE, state: STATE, consentId: CONSENT, ...more };
    return this.#run({ operation: 'exchange', code, options }, {}, onError);
  }

  #valid(): Promise<ITaskData> {
    return this.#run({ operation: 'valid', consent: 'c', options: { margin: MARGIN } });
  }

  #run(parameters: IDataObject, item: IDataObject = {}, onError?: INode['onError']) {
    return runNode({
      credential: { ...this.bank.credential(this.#clientId) },
      parameters: { resource: 'token', ...parameters },
      items: [item],
      onError,
    });
  }

  #expect(task: ITaskData, fails: boolean, requests: number): void {
    const { context } = (task.error ?? {}) as { context?: { code?: string } };
    const code = context?.code ?? task.error?.message;
    if (fails && !/^(?:jwt|id-token|jwks)-/.test(code ?? '')) {
      this.wrong.push(code ? `the error ${code}` : 'a success');
    }
    if (!fails && code) this.wrong.push(`the error ${code}`);
    if (!fails && !outputOf(task)[0]?.json.authorization) this.wrong.push('no authorization');
    this.#expectRequests(requests);
  }

  #expectToken(task: ITaskData, count: number): void {
    const { access_token: token } = outputOf(task)[0]?.json ?? {};
    if (token === `at-${this.#clientId}-${count}`) return;
    this.wrong.push(`${task.error?.message ?? JSON.stringify(token)}, not the token ${count}`);
  }

  #expectRequests(requests: number): void {
    const sent = this.bank.requests(this.#clientId);
    if (sent !== requests) this.wrong.push(`${sent} requests, not ${requests}`);
  }
}
