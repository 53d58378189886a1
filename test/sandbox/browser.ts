import type { Answer, TestThirdParty } from './thirdParty';

/** A page or redirect that a browser has come to. */
export interface Place {
  url: URL;
  answer: Answer;
}

/** A simple browser for the bank's pages: cookies, redirects and forms, without a client certificate. */
export class Browser {
  private readonly cookies = new Map<string, { value: string; path: string }>();

  constructor(
    private readonly network: TestThirdParty,
    /** Address at which the browser stops, because it belongs to the third party. */
    private readonly redirectUri: string,
  ) {}

  /** Opens an address, and follows redirects to a page or to the third party. */
  async open(address: string | URL, form?: URLSearchParams): Promise<Place> {
    let url = new URL(address);
    let answer = await this.send(url, form);
    while (answer.headers.location) {
      url = new URL(answer.headers.location, url);
      if (url.href.startsWith(this.redirectUri)) break;
      answer = await this.send(url);
    }
    return { url, answer };
  }

  /** Submits the form of a page with these fields. */
  submit({ url, answer }: Place, fields: [string, string][]): Promise<Place> {
    const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(answer.text) ?? [];
    return this.open(new URL(action, url), new URLSearchParams(fields));
  }

  private async send(url: URL, form?: URLSearchParams): Promise<Answer> {
    const cookie = [...this.cookies]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ');
    const answer = await this.network.call(url.href, {
      method: form ? 'POST' : 'GET',
      headers: {
        accept: 'text/html',
        cookie,
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      body: form?.toString(),
      certificate: 'none',
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const [, path = '/'] = /path=([^;]+)/i.exec(line) ?? [];
      this.cookies.set(`${name} ${path}`, { value, path });
    }
    return answer;
  }
}
