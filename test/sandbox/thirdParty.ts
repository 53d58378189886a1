import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import type { SandboxReady } from '../../sandbox/ready';

/** The parts of the bank's JSON that tests check. If a part is missing, the test fails. */
export interface BankBody {
  access_token: string;
  refresh_token: string;
  id_token: string;
  expires_in: number;
  request_uri: string;
  Data: {
    ConsentId: string;
    Status: string;
    Account: { AccountId: string }[];
    Balance: object[];
    Transaction: { TransactionId: string; BookingDateTime: string }[];
  };
  Links: { Self: string; Next?: string };
  Meta: { TotalPages?: number };
}

/** An answer of the bank. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The JSON in it; an empty object where it is none. */
  body: BankBody;
}

/** Which certificate a test calls the bank with. */
export type Certificate = 'client' | 'otherClient' | 'untrustedClient' | 'none';

/** The differences from a good assertion. */
export interface AssertionChanges {
  header?: Partial<JWTHeaderParameters>;
  claims?: JWTPayload;
  /** Whose key signs. */
  key?: 'client' | 'otherClient';
}

/** A third party that tests drive by hand: node:https and jose, nothing of the product. */
export class TestThirdParty {
  private readonly agents = new Map<Certificate, Agent>();

  constructor(private readonly ready: SandboxReady) {}

  /** Calls the bank; certificate verification is always on. */
  call(
    url: string,
    options: {
      method?: string;
      headers?: Record<string, string>;
      body?: string;
      certificate?: Certificate;
    } = {},
  ): Promise<Answer> {
    const { method = 'GET', headers, body, certificate = 'client' } = options;
    return new Promise((done, fail) => {
      const call = request(url, { method, headers, agent: this.agent(certificate) }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', fail);
        response.on('end', () => {
          const json = /json/.test(response.headers['content-type'] ?? '');
          done({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: JSON.parse(json ? text : '{}') as BankBody,
          });
        });
      });
      call.on('error', fail);
      call.end(body);
    });
  }

  /** Posts a form. */
  post(
    url: string,
    form: Record<string, string> | string,
    certificate?: Certificate,
  ): Promise<Answer> {
    return this.call(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(new URLSearchParams(form)),
      certificate,
    });
  }

  /** Posts to the token endpoint, with a fresh assertion unless the form has one. */
  async token(
    form: Record<string, string>,
    options: { certificate?: Certificate; url?: string; assertion?: AssertionChanges } = {},
  ): Promise<Answer> {
    const credentials = await this.credentials(options.assertion);
    return this.post(
      options.url ?? `${this.ready.identityUrl}/oauth2/token`,
      { client_id: this.ready.clientId, ...credentials, ...form },
      options.certificate,
    );
  }

  /** The two assertion parameters. */
  async credentials(changes?: AssertionChanges): Promise<Record<string, string>> {
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await this.assertion(changes),
    };
  }

  /** A client assertion as the bank wants it, except for the changes. */
  assertion({ header, claims, key = 'client' }: AssertionChanges = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return this.sign(
      {
        iss: this.ready.clientId,
        sub: this.ready.clientId,
        aud: this.ready.issuer,
        jti: randomUUID(),
        iat: now,
        exp: now + 60,
        ...claims,
      },
      { header, key },
    );
  }

  /** Signs claims with a client's key. */
  sign(
    claims: JWTPayload,
    { header, key = 'client' }: Pick<AssertionChanges, 'header' | 'key'> = {},
  ): Promise<string> {
    const { files } = this.ready;
    const keyFile = key === 'client' ? files.clientKey : files.otherClientKey;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'PS256', typ: 'JWT', kid: this.x5t(key), ...header })
      .sign(createPrivateKey(readFileSync(keyFile)));
  }

  /** SHA-1 or SHA-256 thumbprint of a client's certificate, base64url. */
  x5t(certificate: 'client' | 'otherClient' = 'client', hash = 'sha1'): string {
    return createHash(hash).update(this.certificate(certificate).raw).digest('base64url');
  }

  certificate(certificate: 'client' | 'otherClient' = 'client'): X509Certificate {
    const { files } = this.ready;
    const file = certificate === 'client' ? files.clientCertificate : files.otherClientCertificate;
    return new X509Certificate(readFileSync(file));
  }

  /** Exchanges a code, as the seed of the package does. */
  exchange(code: string, redirectUri = this.ready.redirectUri): Promise<Answer> {
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri });
  }

  /** Refreshes at the gateway. */
  refresh(refreshToken: string, certificate?: Certificate): Promise<Answer> {
    return this.token(
      { grant_type: 'refresh_token', refresh_token: refreshToken },
      { url: `${this.ready.gatewayUrl}/token`, certificate },
    );
  }

  /** Calls the account API. */
  api(
    path: string,
    accessToken?: string,
    options: {
      certificate?: Certificate;
      headers?: Record<string, string>;
      method?: string;
      body?: unknown;
      /** v3.1 if not given. */
      version?: 'v3.1' | 'v4.0';
    } = {},
  ): Promise<Answer> {
    const { certificate, headers, method, body, version = 'v3.1' } = options;
    return this.call(`${this.ready.gatewayUrl}/open-banking/${version}/aisp${path}`, {
      method,
      certificate,
      headers: {
        ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
        'content-type': 'application/json',
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** Closes kept-alive connections. */
  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private agent(certificate: Certificate): Agent {
    const known = this.agents.get(certificate);
    if (known) return known;
    const { files } = this.ready;
    const [cert, key] = {
      client: [files.clientCertificate, files.clientKey],
      otherClient: [files.otherClientCertificate, files.otherClientKey],
      untrustedClient: [files.untrustedClientCertificate, files.untrustedClientKey],
      none: [undefined, undefined],
    }[certificate];
    const agent = new Agent({
      ca: readFileSync(files.certificateAuthority),
      cert: cert && readFileSync(cert),
      key: key && readFileSync(key),
      keepAlive: true,
    });
    this.agents.set(certificate, agent);
    return agent;
  }
}
