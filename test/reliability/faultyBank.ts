import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Server as TlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { BankSettings } from '../../core/profile/settings';
import { certificateAuthority, serverCertificate } from '../support/keys/certificates';
import { customCredential } from '../support/bank/credential';
import {
  answer,
  type AnswerTokens,
  type End,
  type Fault,
  type Step,
  type TlsFault,
} from './faults/fault';
import { reset } from './reset';

/** Limits of the client's waiting, in seconds. */
export const LIMITS = { connectTimeout: 2, requestTimeout: 3 };

/** Milliseconds for which a request may be under way at the bank after it was sent and no answer came. */
const LONGEST = (LIMITS.connectTimeout + LIMITS.requestTimeout) * 1000;

/** Milliseconds that what was written has to arrive before a reset, which would discard it. */
const BEFORE_RESET = 150;

/** How the bank treats refresh tokens, and the request that meets the fault. */
export interface Treatment {
  /** Whether a refresh brings a new refresh token, and ends the old one. */
  readonly rotates: boolean;
  /** Whether a request that meets a fault without tokens is carried out all the same. */
  readonly carriesOut: boolean;
}

/** A code or refresh token that reached the bank. Times are of `Date`, in milliseconds. */
export interface SeenGrant {
  readonly type: string;
  readonly value: string;
  readonly at: number;
  /** When it was answered, or the connection ended; later than now if it may still be under way. */
  over: number;
  /** Whether the fault answered it. */
  readonly metFault: boolean;
}

/** A token endpoint over mutual TLS with one fault, until it is well again. It serves bytes, without a library for HTTP. */
export class FaultyBank {
  readonly seen: SeenGrant[] = [];
  /** The bytes of answers that met the fault. */
  written = Buffer.alloc(0);
  settings!: BankSettings;
  /** Whether the bank replaced the refresh token, and its answer holds no tokens. */
  isSpent = false;
  #isWell = true;
  #count = 0;
  #refreshToken = 'rt-0';
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => this.#accept(socket));
  #good!: TlsServer;
  #faulty!: TlsServer;

  constructor(
    private readonly fault: Fault,
    private readonly treatment: Treatment,
  ) {}

  async open(): Promise<void> {
    this.#good = await tlsServer({});
    this.#faulty = this.fault.tls ? await tlsServer(this.fault.tls) : this.#good;
    this.#good.on('secureConnection', (socket: TLSSocket) => this.#serve(socket));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    const credential = await customCredential(`https://localhost:${port}`);
    this.settings = { ...credential, ...LIMITS };
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#sockets.forEach((socket) => socket.destroy());
    await closed;
  }

  /** From now on, the fault is there. Earlier connections are closed, so that it also meets a fault of connections. */
  async fallIll(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    await wait(50);
    this.#isWell = false;
  }

  /** From now on, the bank is well. */
  recover(): void {
    this.#isWell = true;
  }

  /** Whether the bank accepts the refresh token that came last. */
  accepts(refreshToken: string): boolean {
    return !this.treatment.rotates || refreshToken === this.#refreshToken;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    if (this.#isWell) return void this.#good.emit('connection', socket);
    if (this.fault.begins === 'connection') {
      // The first bytes of the client, so that it is not merely refused.
      socket.once('data', () => void this.#carryOut(socket, this.#steps()));
      return;
    }
    this.#faulty.emit('connection', socket);
  }

  #serve(socket: TLSSocket): void {
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    let isBusy = false;
    let begins = this.#isWell ? undefined : this.fault.begins;
    // An answer that comes before its request is whole: the rest of that request is not another one.
    let isAnswered = false;
    const interrupt = (): void => {
      isBusy = true;
      begins = undefined;
      isAnswered = true;
      void this.#meetFault(socket, () => received.toString('latin1')).then(() => (isBusy = false));
    };
    if (begins === 'handshake') interrupt();
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (isBusy) return;
      const isCut =
        begins === 'request headers'
          ? received.includes('\r\n\r\n')
          : typeof begins === 'object' && received.length >= begins.requestBytes;
      if (isCut) return interrupt();
      const request = wholeRequest(received);
      if (request === undefined) return;
      received = Buffer.alloc(0);
      if (isAnswered) return void (isAnswered = false);
      const form = new URLSearchParams(request);
      if (this.#isWell) socket.write(this.#goodAnswer(form));
      else void this.#meetFault(socket, () => request);
    });
  }

  /** Answers a request, or what came of it, with the fault. */
  async #meetFault(socket: Socket, request: () => string): Promise<void> {
    const steps = this.#steps();
    // The rest of what came in part.
    if (typeof this.fault.begins !== 'undefined') await wait(20);
    const form = new URLSearchParams(request().split('\r\n\r\n').at(-1));
    const grant = this.#see(form, true);
    const isOver = await this.#carryOut(socket, steps);
    if (grant && isOver) grant.over = Date.now();
  }

  #goodAnswer(form: URLSearchParams): Buffer {
    const grant = this.#see(form, false);
    if (grant) grant.over = Date.now();
    if (grant?.type === 'refresh_token' && !this.accepts(grant.value)) {
      return answer(400, JSON.stringify({ error: 'invalid_grant' }));
    }
    const tokens = this.#tokens();
    if (tokens.refresh_token) this.#refreshToken = tokens.refresh_token;
    return answer(200, JSON.stringify(tokens));
  }

  #see(form: URLSearchParams, metFault: boolean): SeenGrant | undefined {
    const type = form.get('grant_type');
    if (type === null) return undefined;
    const value = form.get('code') ?? form.get('refresh_token') ?? '';
    const at = Date.now();
    const grant = { type, value, at, over: at + LONGEST, metFault };
    this.seen.push(grant);
    return grant;
  }

  #steps(): readonly Step[] {
    const tokens = this.#tokens();
    const { ends, steps = () => [] } = this.fault;
    if (ends === 'tokens' || this.treatment.carriesOut) {
      if (tokens.refresh_token) this.#refreshToken = tokens.refresh_token;
      this.isSpent ||= this.treatment.rotates && ends !== 'tokens';
    }
    return steps({ tokens, json: JSON.stringify(tokens) });
  }

  #tokens(): AnswerTokens {
    const count = ++this.#count;
    return {
      access_token: `at-${count}`,
      token_type: 'Bearer',
      expires_in: 3600,
      ...(this.treatment.rotates && { refresh_token: `rt-${count}` }),
    };
  }

  /** @returns whether the answer or the connection ended */
  async #carryOut(socket: Socket, steps: readonly Step[]): Promise<boolean> {
    const closed = new Promise((done) => socket.once('close', done));
    for (const step of steps) {
      if (typeof step === 'object' && 'end' in step) return endOf(socket, step.end);
      if (typeof step === 'object' && 'pause' in step) {
        await Promise.race([wait(step.pause), closed]);
      } else {
        const bytes = Buffer.from(step as string, 'utf8');
        if (!socket.writable) return true;
        this.written = Buffer.concat([this.written, bytes]);
        await new Promise((done) => socket.write(bytes, done));
      }
    }
    return true;
  }
}

/** Ends a connection. @returns whether it is over */
async function endOf(socket: Socket, end: End): Promise<boolean> {
  if (end === 'silence') return false;
  if (end === 'FIN') {
    socket.end();
  } else {
    await wait(BEFORE_RESET);
    reset(socket);
  }
  return true;
}

/** The body of a request with a length, if it has arrived whole. */
function wholeRequest(received: Buffer): string | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [, length = '0'] =
    /\r\ncontent-length: (\d+)/i.exec(received.toString('latin1', 0, end)) ?? [];
  const body = received.subarray(end + 4);
  return body.length < Number(length) ? undefined : body.toString('utf8');
}

async function tlsServer({ certificate, refusesClient, protocols, ...tls }: TlsFault) {
  const { certificate: cert, privateKey: key } = await certificateOf(certificate);
  const trusted = await certificateAuthority(refusesClient ? 'Other CA' : undefined);
  const options: TlsOptions = {
    ...{ cert, key, ca: trusted.certificate, requestCert: true, rejectUnauthorized: true },
    ...(protocols && { ALPNProtocols: protocols }),
    ...tls,
  };
  return new TlsServer(options).on('tlsClientError', () => undefined);
}

async function certificateOf(kind: TlsFault['certificate']) {
  switch (kind) {
    case 'expired':
      return serverCertificate({ from: -9, until: -1 });
    case 'not valid yet':
      return serverCertificate({ from: 1, until: 9 });
    case 'another name':
      return serverCertificate({ name: 'other.example' });
    case 'unknown authority':
      return (await certificateAuthority('Other CA')).issue({ usage: 'server' });
    case undefined:
      return serverCertificate();
  }
}
