import type { TLSSocket } from 'node:tls';
import { createClient, type BankClient } from '../../core/oauth/client';
import { holdsToken } from '../../core/oauth/grants/tokenResponse';
import { readOddAnswer } from '../../core/transport/oddAnswer';
import { customCredential } from '../support/bank/credential';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';
import { breach, runCase } from './caseOf';
import { SecretPieces } from './secretPieces';

const SENT = 'Fw6kTb1zPy8/Gs3+Vj5Mc0Ha9Qr2';
const NEXT = 'Ld8nEx4uRi7-Ow2_Kt6Zf1Bg5Yp9';
const ACCESS = 'Nh3jCv9mWa5-Ud7_Xq1Se8Po4Il6';

/** An answer with tokens. */
export const TOKENS = {
  access_token: ACCESS,
  token_type: 'Bearer',
  expires_in: 300,
  refresh_token: NEXT,
};

/** Makes the bytes of an answer from the form of the request. */
type MakeAnswer = (form: URLSearchParams) => Buffer;

/** A bank that answers refreshes over mutual TLS with given bytes, each on a connection of its own. */
export class RefreshOverTls {
  private server!: TlsServer;
  private client!: BankClient;
  private secrets!: SecretPieces;
  /** By refresh token. */
  private readonly answers = new Map<string, MakeAnswer>();
  private count = 0;

  async open(): Promise<void> {
    this.server = await startTlsServer({ socket: (socket) => this.answer(socket) });
    const settings = await customCredential(this.server.url);
    this.client = await createClient({ ...settings, requestTimeout: 20 });
    this.secrets = new SecretPieces([SENT, NEXT, ACCESS, settings.transportPrivateKey!]);
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  /** Refreshes with a refresh token of its own. If the answer has tokens, expects that they are received, and before they are checked. */
  async refresh(makeAnswer: MakeAnswer): Promise<void> {
    const refreshToken = `${SENT}${++this.count}`;
    const sent = { bytes: '', assertion: '' };
    this.answers.set(refreshToken, (form) => {
      const bytes = makeAnswer(form);
      Object.assign(sent, {
        bytes: bytes.toString('latin1'),
        assertion: form.get('client_assertion'),
      });
      return bytes;
    });
    let received = 0;
    const onReceived = () => Promise.resolve(void received++);
    const { result, error } = await runCase(
      `refresh ${this.count}`,
      this.secrets,
      () => this.client.refresh({ refreshToken, onReceived }),
      ({ remarks, failedCheck }) => [remarks, failedCheck ?? ''],
    );
    this.answers.delete(refreshToken);
    if (error && new SecretPieces([sent.assertion]).findIn(error.text)) {
      breach('leaks', `The assertion is in: ${error.text}`, sent.bytes);
    }
    if (!readOddAnswer(Buffer.from(sent.bytes, 'latin1'), holdsToken)) return;
    if (!result) breach('lost', `It has tokens, and the error is ${error.text}`, sent.bytes);
    if (received !== 1) breach('lost', 'The tokens were not received first', sent.bytes);
  }

  /** Answers the one request of a connection, and ends it. */
  private answer(socket: TLSSocket): void {
    let request = '';
    socket.on('data', (chunk: Buffer) => {
      request += chunk.toString('latin1');
      const [head = '', body] = request.split('\r\n\r\n');
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1]);
      if (body === undefined || body.length < length) return;
      const form = new URLSearchParams(body);
      socket.end(this.answers.get(form.get('refresh_token')!)!(form));
    });
  }
}
