import type { BankSettings } from '../../../core/profile/settings';
import { customCredential } from './credential';
import { startTlsServer } from '../servers/tlsServer';

/** Options for the bank's treatment of tokens. */
export interface RotatingBankOptions {
  /** Seconds that access tokens live; an hour if not given. */
  expiresIn?: number;
  /** Seconds that refresh tokens live, if the bank sends the value. */
  refreshExpiresIn?: number;
  /** Whether the previous refresh token is accepted once more. Banks do that because answers can be lost. */
  grace?: boolean;
  /** Whether refresh tokens stay the same after a refresh. */
  keeps?: boolean;
  /** Whether the bank answers. It carries out a refresh also if it does not answer. */
  answers?: () => boolean;
  /** Milliseconds between the rotation and the answer. */
  delay?: (consent: string) => number;
}

/** The bank's data of a consent. */
export interface Grant {
  /** Number of refreshes. */
  refreshes: number;
  /** Whether the bank has ended the grant, because an old refresh token was presented. */
  revoked: boolean;
}

/** A bank that rotates refresh tokens, and ends a grant if an old refresh token is presented. */
export interface RotatingBank {
  /** The fields of the credential. */
  readonly settings: BankSettings;
  readonly options: RotatingBankOptions;
  /** Creates a consent. @returns its first refresh token */
  consent(name: string): string;
  grant(name: string): Grant;
  /** Refreshes of all consents. */
  refreshes(): number;
  /** Consents whose grant was ended. */
  revoked(): string[];
  /** Token requests, also those that were refused. */
  readonly tokenRequests: {
    readonly count: number;
    readonly underWay: number;
    readonly most: number;
  };
  /** TCP connections that were accepted. */
  readonly connections: { readonly opened: number; readonly open: number };
  /** Requests at the API, by path with query. */
  readonly apiRequests: string[];
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the bank. Its API answers 200 to a current access token and 403 otherwise. */
export async function startRotatingBank(options: RotatingBankOptions = {}): Promise<RotatingBank> {
  const grants = new Map<string, Grant>();
  const apiRequests: string[] = [];
  const tokenRequests = { count: 0, underWay: 0, most: 0 };
  const refreshed = (token: string): [status: number, body: object, consent: string] => {
    const [, consent = '', generation] = /^rt-(.*)-(\d+)$/.exec(token) ?? [];
    const grant = grants.get(consent);
    const age = grant ? grant.refreshes - Number(generation) : NaN;
    const isAccepted = options.keeps ? age >= 0 : age === 0 || (options.grace && age === 1);
    if (!grant || grant.revoked || !isAccepted) {
      if (grant) grant.revoked = true;
      const error_description = 'Persisted access token data not found';
      return [400, { error: 'invalid_grant', error_description }, consent];
    }
    grant.refreshes++;
    const tokens = {
      access_token: `at-${consent}-${grant.refreshes}`,
      token_type: 'Bearer',
      expires_in: options.expiresIn ?? 3600,
      ...(options.refreshExpiresIn && { refresh_token_expires_in: options.refreshExpiresIn }),
      ...(!options.keeps && { refresh_token: `rt-${consent}-${grant.refreshes}` }),
    };
    return [200, tokens, consent];
  };
  const server = await startTlsServer({
    handle: ({ url, body, headers }, response) => {
      if (url !== '/token') {
        apiRequests.push(url);
        const [, consent = '', generation] =
          /^Bearer at-(.*)-(\d+)$/.exec(headers.authorization ?? '') ?? [];
        const isCurrent = grants.get(consent)?.refreshes === Number(generation);
        response.writeHead(isCurrent ? 200 : 403, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ consent }));
        return;
      }
      tokenRequests.count++;
      tokenRequests.most = Math.max(tokenRequests.most, ++tokenRequests.underWay);
      response.on('close', () => tokenRequests.underWay--);
      const token = new URLSearchParams(body).get('refresh_token') ?? '';
      const [status, answer, consent] = refreshed(token);
      if (options.answers && !options.answers()) return;
      setTimeout(
        () => {
          response.writeHead(status, { 'Content-Type': 'application/json' });
          response.end(JSON.stringify(answer));
        },
        options.delay?.(consent) ?? 0,
      ).unref();
    },
  });
  return {
    url: server.url,
    options,
    apiRequests,
    tokenRequests,
    connections: server.connections,
    settings: await customCredential(server.url),
    consent: (name) => {
      grants.set(name, { refreshes: 0, revoked: false });
      return `rt-${name}-0`;
    },
    grant: (name) => grants.get(name)!,
    refreshes: () => [...grants.values()].reduce((sum, { refreshes }) => sum + refreshes, 0),
    revoked: () => [...grants].filter(([, { revoked }]) => revoked).map(([name]) => name),
    close: () => server.close(),
  };
}
