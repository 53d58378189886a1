import type { Dispatcher } from 'undici';
import { MAXIMUM_BODY, tooLarge } from './body';
import { isSuccessStatus } from './oddAnswer';
import { Recording, type Judge } from './recording';
import type { Wire } from './wire';

/** An answer as the server sent it. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string | string[] | undefined>;
  /** Compressed if the server compressed it. */
  readonly body: Buffer;
  /** Whether the rest of the body was not read, see {@link ExchangeRules.maximumRefusal}. */
  readonly isCut?: boolean;
}

/** The reason not to send a request, which was found at the last moment. */
export interface Objection {
  readonly error: unknown;
}

/** The rules of an exchange. */
export interface ExchangeRules {
  /** If it is given, what the server sends is recorded, and after an error the connection reads on until it is enough or hopeless. */
  readonly judge?: Judge;
  /** See `HttpRequest`. */
  readonly beforeHandOver?: () => void;
  /** Maximum number of bytes of the body, as received; {@link MAXIMUM_BODY} if not given. */
  readonly maximumBody?: number;
  /** Makes the failure of a larger body. */
  readonly tooLarge?: () => Error;
  /** Bytes after which the body of an answer that is no success is not read on; if not given, it is limited like others. */
  readonly maximumRefusal?: number;
  /** Called when the request begins, and with each part of the answer. */
  readonly onProgress?: () => void;
}

/**
 * One request and its answer, as undici reports them. It records whether a part of the request was written to a connection, because no
 * error of undici says so.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** Settles when the answer is complete, or when the exchange fails or is given up. */
  readonly answer: Promise<RawAnswer>;

  readonly #recording: Recording;

  #settle!: { done: (answer: RawAnswer) => void; fail: (error: Error) => void };

  #controller?: Dispatcher.DispatchController;

  readonly #rules: Required<Omit<ExchangeRules, 'judge'>>;

  #objection?: Objection;

  #wireOfClient?: () => Wire | undefined;

  #wire?: Wire;

  #givenUp?: Error;

  #status = 0;

  #headers: RawAnswer['headers'] = {};

  #chunks: Buffer[] = [];

  #size = 0;

  constructor({ judge, ...rules }: ExchangeRules = {}) {
    this.#rules = {
      beforeHandOver: rules.beforeHandOver ?? nothing,
      maximumBody: rules.maximumBody ?? MAXIMUM_BODY,
      tooLarge: rules.tooLarge ?? tooLarge,
      maximumRefusal: rules.maximumRefusal ?? Infinity,
      onProgress: rules.onProgress ?? nothing,
    };
    this.answer = new Promise((done, fail) => {
      this.#settle = { done, fail };
    });
    this.#recording = new Recording(judge);
  }

  /** Whether the request may have left. If not, no part of it was written to a connection. */
  get begun(): boolean {
    return this.#controller !== undefined;
  }

  /** The error that `beforeHandOver` threw. */
  get objection(): Objection | undefined {
    return this.#objection;
  }

  /** Whether any of the answer came. */
  get wasAnswered(): boolean {
    return this.#recording.hasBegun;
  }

  /** The bytes that the server sent since the request began, if they are recorded. */
  get received(): Buffer {
    return this.#recording.bytes;
  }

  /** Sets the wire that will carry the request. @param wireOfClient returns it as soon as the request begins */
  carryBy(wireOfClient: () => Wire | undefined): void {
    this.#wireOfClient = wireOfClient;
  }

  /** Fails the exchange now. A request that has not begun is not sent later either. */
  giveUp(reason: Error): void {
    this.#givenUp = reason;
    if (this.#controller) this.#stop(this.#controller, reason);
    else this.#settle.fail(reason);
  }

  /** Records what the server sends behind a complete answer, until no more comes. The connection is not used again. */
  async readRest(): Promise<void> {
    await this.#wire?.readRest(this.#recording);
  }

  /** Destroys the connection, so that it is not used again. It does nothing if another exchange uses it already. */
  endConnection(): void {
    this.#wire?.abandon(this.#recording);
  }

  /** Stops recording. */
  end(): void {
    this.#wire?.release(this.#recording);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#givenUp) {
      controller.abort(this.#givenUp);
      return;
    }
    try {
      this.#rules.beforeHandOver();
    } catch (error) {
      this.#objection = { error };
      // Thrown and not aborted: undici then writes nothing, and the connection stays good for the next request.
      throw error;
    }
    this.#controller = controller;
    this.#wire = this.#wireOfClient?.();
    this.#wire?.begin(this.#recording);
    this.#rules.onProgress();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: RawAnswer['headers'],
  ): void {
    this.#status = status;
    this.#headers = headers;
    this.#rules.onProgress();
    // The beginning of a refusal is enough.
    if (this.#maximumOfRefusal < Infinity) return;
    const isAnnounced = Number(headers['content-length']) > this.#rules.maximumBody;
    // If the answer is recorded, a wrong length must not cost it.
    if (isAnnounced && !this.#recording.isOn) this.#stop(controller, this.#rules.tooLarge());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    this.#rules.onProgress();
    if (this.#size > this.#maximumOfRefusal) {
      this.#chunks.push(chunk);
      this.#complete(true);
      this.#stop(controller, this.#rules.tooLarge());
    } else if (this.#size > this.#rules.maximumBody) {
      this.#stop(controller, this.#rules.tooLarge());
    } else {
      this.#chunks.push(chunk);
    }
  }

  onResponseEnd(): void {
    this.#complete(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle.fail(error);
  }

  /** Bytes of this answer after which it is not read on; `Infinity` if it is a success. */
  get #maximumOfRefusal(): number {
    return isSuccessStatus(this.#status) ? Infinity : this.#rules.maximumRefusal;
  }

  #complete(isCut: boolean): void {
    const body = Buffer.concat(this.#chunks, this.#size);
    this.#settle.done({ status: this.#status, headers: this.#headers, body, isCut });
  }

  #stop(controller: Dispatcher.DispatchController, reason: Error): void {
    this.#settle.fail(this.#wire?.rejection ?? reason);
    // Not aborted, because undici would then open another connection, and send nothing over it.
    if (this.#wire) this.#wire.abandon(this.#recording, reason);
    else controller.abort(reason);
  }
}

function nothing(): void {
  // A rule that is not given.
}
