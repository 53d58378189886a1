import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { HTTP2, isHttp2 } from './http2';
import { interimLength } from './interimAnswer';
import type { Recording } from './recording';
import { limitTime, type EndLimit } from './timeLimit';

/** Milliseconds without a byte after which a {@link Wire} looks whether enough has come. */
const QUIET = 100;

const NOTHING = Buffer.alloc(0);

const BEFORE_ANY_ANSWER = Symbol('before any answer');

/**
 * Whether an error ended a connection before the server sent the first byte of an answer.
 *
 * In TLS 1.3 the client completes the handshake, and begins a request, before the server has checked the client certificate. If the server
 * refuses the certificate, the client gets such an error.
 */
export function isBeforeAnyAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && BEFORE_ANY_ANSWER in error;
}

/** The failure of an answer that breaks the rules of HTTP (RFC 9112). The connection itself did not fail. */
export class MalformedAnswer extends Error {
  /** undici's code or its parser's reason, which has no part of the answer. */
  readonly code: string;

  /** @param rejection is not stored, because it may contain the answer */
  constructor({ code, message = '', name = '' }: Partial<Error> & { code?: unknown }) {
    super('The answer is malformed');
    // undici gives errors of its parser no code.
    const [, reason = name] = /\(([\w ,.'`/:-]{1,100})\)$/.exec(message) ?? [];
    this.code = typeof code === 'string' ? code : reason;
  }
}

/**
 * A connection, between undici and the socket.
 *
 * - It drops `100 Continue`. A client has to accept it at any time (RFC 9110 §15.2), and undici does not.
 * - It records what the server sends in an exchange.
 * - If undici's parser rejects an answer, undici destroys the connection, although the rest of the answer may be on its way. Then this
 *   connection is destroyed for undici, but reads on until enough has come, the server ends it, or it is destroyed once more.
 */
export class Wire extends Duplex {
  /** The failure of the answer that undici's parser rejected. */
  rejection?: MalformedAnswer;

  readonly #socket: Socket;

  /** Of the exchange in progress. */
  #recording?: Recording;

  #hasReceived = false;

  #hasEnded = false;

  /** The first bytes of an answer, as long as they may be a part of `100 Continue`; `undefined` after them. */
  #beginning?: Buffer;

  #isRestWanted = false;

  /** Ends the reading that goes on after the connection is destroyed. */
  #endReading?: () => void;

  /** Ends the wait for {@link QUIET}. */
  #endQuiet?: EndLimit;

  /** @param socket a connected one */
  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket
      .on('data', (chunk: Buffer) => this.#receive(chunk))
      .on('end', () => this.#end())
      .on('error', (error) => {
        if (!this.#hasReceived) Object.assign(error, { [BEFORE_ANY_ANSWER]: true });
        this.#hasEnded = true;
        // At once: after an alert Node.js also reports the end of the stream, and undici would take that for the reason.
        this.destroy(error);
      })
      .on('close', () => {
        if (!this.#hasEnded) this.destroy();
      });
  }

  /** Begins an exchange. All that came before belongs to another one. */
  begin(recording: Recording): void {
    this.#recording = recording;
    this.#beginning = NOTHING;
  }

  /** Ends an exchange. Another one may have begun. */
  release(recording: Recording): void {
    if (this.#recording !== recording) return;
    this.#endReading?.();
    this.#recording = undefined;
  }

  /** Destroys the connection of an exchange, unless another one has begun. */
  abandon(recording: Recording, reason?: Error): void {
    if (this.#recording === recording) this.destroy(reason);
  }

  /** Destroys the connection of an exchange whose answer may be longer than its headers say, and reads on until no more comes. */
  async readRest(recording: Recording): Promise<void> {
    if (this.#recording !== recording) return;
    this.#isRestWanted = true;
    // undici may have destroyed it already, because it was to be used once.
    if (!this.#endReading) this.destroy();
    if (!this.closed) await new Promise((done) => this.once('close', done));
  }

  /** Destroys the connection. A second call also ends the reading that goes on. */
  override destroy(error?: Error): this {
    this.#endReading?.();
    return super.destroy(error);
  }

  /** Lets the connection keep the process running. */
  ref(): this {
    this.#socket.ref();
    return this;
  }

  /** Lets the process end while the connection is idle. */
  unref(): this {
    this.#socket.unref();
    return this;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // If this fails, the socket emits an error.
    this.#socket.write(chunk, () => done());
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), () => done());
  }

  override _final(done: () => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (error && this.#isRejection(error)) this.rejection ??= new MalformedAnswer(error);
    const finish = (): void => {
      const reason = this.rejection ?? error;
      if (this.#socket.closed) done(reason);
      else this.#socket.once('close', () => done(reason)).destroy();
    };
    // undici has seen the end of the answer.
    if (error && 'code' in error && error.code === 'UND_ERR_INFO') this.#isRestWanted = true;
    const isMoreExpected = this.rejection !== undefined || this.#isRestWanted;
    if (isMoreExpected && !this.#hasEnded && this.#recording?.judgement === 'more') {
      this.#readOn(finish);
    } else {
      finish();
    }
  }

  #receive(chunk: Buffer): void {
    this.#hasReceived = true;
    this.#recording?.add(chunk);
    if (this.#endReading) {
      if (this.#recording!.isFull) this.#endReading();
      else this.#awaitQuiet();
    } else if (!this.destroyed) {
      const bytes = this.#withoutInterimAnswers(chunk);
      if (bytes.length > 0 && !this.push(bytes)) this.#socket.pause();
    }
  }

  #end(): void {
    this.#hasEnded = true;
    if (this.#endReading) this.#endReading();
    else if (!this.destroyed) {
      if (this.#beginning?.length) this.push(this.#beginning);
      this.push(null);
    }
  }

  #withoutInterimAnswers(chunk: Buffer): Buffer {
    if (this.#beginning === undefined) return chunk;
    let bytes = this.#beginning.length > 0 ? Buffer.concat([this.#beginning, chunk]) : chunk;
    while (bytes.length > 0) {
      const length = interimLength(bytes);
      if (length === 0) {
        this.#beginning = undefined;
        // undici's parser rejects it, too, and says less.
        if (isHttp2(bytes)) this.rejection = new MalformedAnswer({ code: HTTP2 });
        return bytes;
      }
      if (length === undefined) break;
      bytes = bytes.subarray(length);
    }
    this.#beginning = bytes;
    return NOTHING;
  }

  /** Whether undici's parser rejected an answer, and not because the connection had ended. */
  #isRejection({ name, code, message }: Error & { code?: unknown }): boolean {
    if (this.#recording === undefined) return false;
    if (code === 'UND_ERR_HEADERS_OVERFLOW') return true;
    if (name === 'HTTPParserError' && !message.includes('EOF')) return true;
    const isAmbiguous =
      name === 'HTTPParserError' ||
      code === 'UND_ERR_SOCKET' ||
      code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
    return isAmbiguous && !this.#hasEnded;
  }

  #readOn(finish: () => void): void {
    this.#endReading = () => {
      this.#endReading = undefined;
      this.#endQuiet?.();
      finish();
    };
    this.#awaitQuiet();
    this.#socket.resume();
  }

  /** Waits for a time without a byte, from now on. Bytes that lie in the socket by then count: this process may have stood still. */
  #awaitQuiet(): void {
    this.#endQuiet?.();
    this.#endQuiet = limitTime(QUIET, () => {
      if (this.#isRestWanted || this.#recording!.judgement !== 'more') this.#endReading?.();
    });
  }
}
