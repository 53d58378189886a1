import type { ServerResponse } from 'node:http';
import type { BankSettings } from '../../../core/profile/settings';
import { customCredential } from '../../support/bank/credential';
import { startTlsServer, type TlsServer } from '../../support/servers/tlsServer';

/** Seconds that access tokens live. */
export const LIFE = 8;

/** What becomes of one refresh. */
export type Setback = '503' | 'reset' | 'lost answer' | 'no answer';

/** An access token that the bank issued. Times are of `Date`, in milliseconds. */
interface Issued {
  readonly at: number;
  readonly until: number;
}

interface Grant {
  /** The number of the refresh token that is good. */
  current: number;
  /** Tokens whose answers arrived. */
  readonly issued: Issued[];
  /** Refreshes of the good refresh token, as their times and ends. */
  readonly requests: { value: string; at: number; over?: number }[];
}

/** A bank that replaces refresh tokens, and that fails once for each consent: at its second refresh. */
export class FailingBank {
  readonly #grants = new Map<string, Grant>();
  #server!: TlsServer;
  settings!: BankSettings;

  constructor(private readonly setback: Setback) {}

  async open(): Promise<void> {
    this.#server = await startTlsServer({
      handle: ({ body }, response) => {
        this.#refresh(new URLSearchParams(body).get('refresh_token') ?? '', response);
      },
    });
    const credential = await customCredential(this.#server.url);
    this.settings = { ...credential, connectTimeout: 3, requestTimeout: 1 };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** Whether an access token of a consent lives, and was issued so long ago that it is stored. */
  isAlive(consent: string, at: number): boolean {
    return this.#grantOf(consent).issued.some(
      (issued) => issued.at + 500 < at && at < issued.until,
    );
  }

  /** How often a refresh token was sent while an earlier request with it was under way. */
  sentWhileUnderWay(consent: string): number {
    const { requests } = this.#grantOf(consent);
    return requests.filter((request, index) =>
      requests
        .slice(0, index)
        .some(({ value, over = Infinity }) => value === request.value && over > request.at),
    ).length;
  }

  #grantOf(consent: string): Grant {
    const known = this.#grants.get(consent);
    if (known) return known;
    const grant: Grant = { current: 0, issued: [], requests: [] };
    this.#grants.set(consent, grant);
    return grant;
  }

  #refresh(value: string, response: ServerResponse): void {
    const [, consent = '', number] = /^rt-(.*)-(\d+)$/.exec(value) ?? [];
    const grant = this.#grantOf(consent);
    const request: Grant['requests'][number] = { value, at: Date.now() };
    grant.requests.push(request);
    const isGood = Number(number) === grant.current;
    const fails = grant.requests.length === 2;
    // The bank carries a request out whose answer does not arrive.
    if (isGood && (!fails || this.setback === 'lost answer')) grant.current++;
    // A request whose connection lives on is over when the client has given up for certain. It was sent a little before it came.
    request.over = fails && this.setback === 'no answer' ? request.at + 3_000 : request.at;
    if (fails) return this.#fail(response);
    if (!isGood) {
      // An old refresh token may have been stolen, so the bank ends the whole grant.
      grant.issued.length = 0;
      response.writeHead(400, { 'Content-Type': 'application/json' });
      response.end('{"error":"invalid_grant"}');
      return;
    }
    const at = Date.now();
    grant.issued.push({ at, until: at + LIFE * 1000 });
    response.setHeader('Content-Type', 'application/json').end(
      JSON.stringify({
        access_token: `at-${consent}-${grant.current}`,
        token_type: 'Bearer',
        expires_in: LIFE,
        refresh_token: `rt-${consent}-${grant.current}`,
      }),
    );
  }

  #fail(response: ServerResponse): void {
    switch (this.setback) {
      case '503':
        response.writeHead(503, { 'Content-Type': 'text/html' }).end('<html>Busy</html>');
        return;
      case 'reset':
      case 'lost answer':
        response.destroy();
        return;
      case 'no answer':
        return;
    }
  }
}
