import type { Dispatcher } from 'undici';
import { MAXIMUM_BODY, tooLarge } from './body';

/** An answer as the server sent it. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string | string[] | undefined>;
  /** Compressed if the server compressed it. */
  readonly body: Buffer;
}

/**
 * One request and its answer, as undici reports them. It records whether a part of the request was written to a connection, because no
 * error of undici says so.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** Settles when the answer is complete, or when the exchange fails or is given up. */
  readonly answer: Promise<RawAnswer>;

  #settle!: { done: (answer: RawAnswer) => void; fail: (error: Error) => void };

  #controller?: Dispatcher.DispatchController;

  #givenUp?: Error;

  #status = 0;

  #headers: RawAnswer['headers'] = {};

  #chunks: Buffer[] = [];

  #size = 0;

  constructor() {
    this.answer = new Promise((done, fail) => {
      this.#settle = { done, fail };
    });
  }

  /** Whether the request may have left. If not, no part of it was written to a connection. */
  get begun(): boolean {
    return this.#controller !== undefined;
  }

  /** Fails the exchange now. A request that has not begun is not sent later either. */
  giveUp(reason: Error): void {
    this.#givenUp = reason;
    this.#settle.fail(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#givenUp) controller.abort(this.#givenUp);
    else this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: RawAnswer['headers'],
  ): void {
    this.#status = status;
    this.#headers = headers;
    if (Number(headers['content-length']) > MAXIMUM_BODY) controller.abort(tooLarge());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > MAXIMUM_BODY) controller.abort(tooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks, this.#size);
    this.#settle.done({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle.fail(error);
  }
}
