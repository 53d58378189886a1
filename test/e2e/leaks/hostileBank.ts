import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, type JWTPayload } from 'jose';
import { bankJwk, idToken, type Forgery } from '../../support/bank/idTokens';
import { json, raw, type Answer } from '../../support/bank/scriptedBank';
import { startTlsServer, type SeenRequest, type TlsServer } from '../../support/servers/tlsServer';
import { encodings, type EncodingName } from './encodings';
import type { Marks } from './marks';

/** A request to the bank. */
export interface Asked {
  /** The last part of the path, such as `token`. */
  endpoint: string;
  form: URLSearchParams;
  headers: SeenRequest['headers'];
}

/** The bank's answer to a request of one kind of failure. */
export type BankAnswer = (bank: HostileBank, asked: Asked) => Answer | Promise<Answer>;

/** Parameters of requests that nobody but the bank may see. */
const SECRET_PARAMETERS = [
  ...['code', 'refresh_token', 'client_assertion', 'code_verifier', 'token'],
  ...['state', 'nonce', 'request', 'client_secret'],
];

/** Ways in which servers write what they repeat: escaped, encoded, or as it is. */
const echoed: EncodingName[] = [
  ...(['raw', 'url', 'form', 'urlTwice', 'json', 'jsonTwice', 'html'] as const),
  ...(['base64', 'base64url', 'hex'] as const),
];

/**
 * A bank that answers whatever a kind of failure asks for, at `/<kind>/<endpoint>`. It notes each secret that it issues or gets, and repeats
 * the secrets of a request in its answers, each time in another form.
 */
export class HostileBank {
  readonly #answers = new Map<string, BankAnswer>();
  /** Gives the workflows their items, over plain HTTP, because the items are not typed into a workflow. */
  readonly #items = new Map<string, () => Promise<object[]> | object[]>();
  #echoes = 0;

  private constructor(
    readonly marks: Marks,
    private readonly server: TlsServer,
    private readonly counter: Server,
  ) {}

  static async open(marks: Marks): Promise<HostileBank> {
    const counter = createServer((request, response) => {
      const items = bank.#items.get(request.url!.slice(1));
      void Promise.resolve(items?.() ?? []).then((list) =>
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify(list)),
      );
    });
    await new Promise<void>((done) => counter.listen(0, '127.0.0.1', done));
    const server = await startTlsServer({
      handle: (request, response) => {
        const form = new URLSearchParams(request.body);
        void bank.#answerTo(request, form).then((answer) => answer(response, request, form));
      },
    });
    const bank = new HostileBank(marks, server, counter);
    return bank;
  }

  get url(): string {
    return this.server.url;
  }

  get port(): number {
    return this.server.port;
  }

  /** Where a workflow gets its items. */
  itemsUrl(kind: string): string {
    return `http://127.0.0.1:${(this.counter.address() as AddressInfo).port}/${kind}`;
  }

  prepare(kind: string, answer: BankAnswer | undefined, items: () => Promise<object[]> | object[]) {
    if (answer) this.#answers.set(kind, answer);
    this.#items.set(kind, items);
  }

  /** A new authorization code. */
  code(): string {
    return this.marks.handedOut('a code', `code/${random()}+x=`);
  }

  /** A new access token. Its characters differ in each form of the search, and may be in a header (RFC 6750 §2.1). */
  accessToken(name = 'an access token'): string {
    return this.marks.handedOut(name, `at/${random()}+x==`);
  }

  refreshToken(): string {
    return this.marks.handedOut('a refresh token', `rt/"${random()}"&<+x=`);
  }

  /** The parameters of a good token response. */
  tokens(changes: object = {}): Record<string, unknown> {
    return {
      ...{ access_token: this.accessToken(), refresh_token: this.refreshToken() },
      ...{ token_type: 'Bearer', expires_in: 300, scope: 'accounts', ...changes },
    };
  }

  /** An ID token for the client of the credentials. */
  async idToken(claims: JWTPayload = {}, forgery: Omit<Forgery, 'claims'> = {}): Promise<string> {
    const token = await idToken({ ...forgery, claims: { at_hash: undefined, ...claims } });
    this.marks.signature('an ID token', token, true);
    return token;
  }

  /** A secret of the request in one of its forms: at each call another secret, or the same one in another form. */
  echo({ form, headers }: Asked): string {
    const secrets = secretsOf(form, headers).map(([, value]) => value);
    const count = this.#echoes++;
    const secret = Buffer.from(secrets[count % secrets.length] ?? 'nothing to repeat');
    const encoding = echoed[Math.floor(count / secrets.length) % echoed.length]!;
    const forms = encodings[encoding](secret);
    const text = Buffer.from(forms[count % forms.length]!, 'latin1').toString();
    return [text, text.toUpperCase(), text.toLowerCase(), text.slice(0, 40)][count % 4]!;
  }

  async close(): Promise<void> {
    await this.server.close();
    this.counter.closeAllConnections();
    await new Promise((done) => this.counter.close(done));
  }

  async #answerTo(request: SeenRequest, form: URLSearchParams): Promise<Answer> {
    for (const [name, value] of secretsOf(form, request.headers)) this.#note(name, value);
    const [, kind = '', endpoint = ''] = request.url.split(/[/?]/);
    if (endpoint === 'jwks') return json(200, { keys: [await bankJwk()] });
    const answer = this.#answers.get(kind);
    return answer ? answer(this, { endpoint, form, headers: request.headers }) : raw(404, '');
  }

  #note(name: string, value: string): void {
    if (name === 'client_assertion') {
      this.marks.signature('the signature of an assertion', value);
      this.marks.never('the ID of an assertion', decodeJwt(value).jti!);
    } else if (name === 'code_verifier') {
      this.marks.never('a code verifier', value);
    } else if (['state', 'nonce'].includes(name)) {
      this.marks.handedOut(`a ${name}`, value);
    }
  }
}

function secretsOf(
  form: URLSearchParams,
  headers: SeenRequest['headers'],
): [name: string, value: string][] {
  const sent = [...form].filter(([name, value]) => value && SECRET_PARAMETERS.includes(name));
  const named = ['authorization', 'x-api-key', 'x-account-key'];
  const inHeaders = named.flatMap((name): [string, string][] => {
    const { [name]: value } = headers;
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return [...sent, ...inHeaders, ...basicSecret(headers.authorization)];
}

/** The client secret in a header, decoded (RFC 6749 §2.3.1): alone, and with the client ID. */
function basicSecret(authorization = ''): [name: string, value: string][] {
  const [, encoded] = /^Basic (.+)$/.exec(authorization) ?? [];
  if (encoded === undefined) return [];
  const joined = Buffer.from(encoded, 'base64').toString();
  const [id = '', secret = ''] = [...new URLSearchParams(`x=${joined.replace(':', '&x=')}`)].map(
    ([, value]) => value,
  );
  return [
    ['the client secret', secret],
    ['client ID and secret', `${id}:${secret}`],
  ];
}

const random = () => randomBytes(18).toString('base64url');
