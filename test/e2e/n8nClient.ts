import { owner } from '../../demo/n8n/owner';

/** n8n's interfaces, with the owner logged in. */
export class N8nClient {
  private constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
  ) {}

  /** Logs in as the editor does. */
  static async logIn(url: string): Promise<N8nClient> {
    const response = await fetch(`${url}/rest/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ emailOrLdapLoginId: owner.email, password: owner.password }),
    });
    const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]!);
    return new N8nClient(url, { cookie: cookies.join('; ') });
  }

  /** The public API, with a new key that permits access to credentials. */
  async withApiKey(): Promise<N8nClient> {
    const key = await this.call<{ data: { rawApiKey: string } }>('POST', '/rest/api-keys', {
      label: 'test',
      expiresAt: null,
      scopes: ['credential:create', 'credential:read', 'credential:delete'],
    });
    return new N8nClient(this.url, { 'X-N8N-API-KEY': key.data.rawApiKey });
  }

  /** Returns the response, with any status. */
  send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { ...this.headers, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** Returns the JSON of a successful response. */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }
}
