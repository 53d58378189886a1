import { HttpsClient, type HttpsAnswer } from './httpsClient';

interface Cookie {
  name: string;
  value: string;
  path: string;
}

interface PageForm {
  action: string;
  /** Fields as the page has filled them in: ticked boxes only, and the first button. */
  fields: URLSearchParams;
}

/** Maximum number of redirects and pages in a visit. */
const MOST_STEPS = 20;

/**
 * A robot customer. It opens the bank's pages like a browser, stores cookies, and submits each form as
 * the page has filled it in, which logs in and approves.
 */
export class Customer {
  private readonly https: HttpsClient;
  private cookies: Cookie[] = [];

  constructor(authority: string) {
    this.https = new HttpsClient(authority);
  }

  /**
   * Follows an authorization request up to the redirect to the third party.
   *
   * @param accounts that the customer shares; if not given, all of them, which the page has ticked
   */
  async approve(url: string, redirectUri: string, accounts?: string[]): Promise<URL> {
    let at = new URL(url);
    let answer = await this.visit(at);
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const { location } = answer.headers;
      if (location) {
        at = new URL(location, at);
        if (at.href.startsWith(redirectUri)) return at;
        answer = await this.visit(at);
        continue;
      }
      if (answer.status !== 200) break;
      const form = firstForm(answer.body);
      if (accounts && form.fields.has('account')) tick(form.fields, accounts);
      at = new URL(form.action, at);
      answer = await this.visit(at, form.fields);
    }
    throw new Error(`The customer is stuck at ${at.pathname}: the bank answered ${answer.status}`);
  }

  private async visit(url: URL, fields?: URLSearchParams): Promise<HttpsAnswer> {
    const cookie = this.cookies
      .filter(({ path }) => url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const answer = await this.https.call(url.href, {
      method: fields ? 'POST' : 'GET',
      headers: { accept: 'text/html', ...(cookie ? { cookie } : {}) },
      body: fields?.toString(),
    });
    for (const line of answer.headers['set-cookie'] ?? []) this.keep(line);
    return answer;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/';
    this.cookies = this.cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    if (value) this.cookies.push({ name, value, path });
  }
}

function tick(fields: URLSearchParams, accounts: string[]): void {
  fields.delete('account');
  for (const account of accounts) fields.append('account', account);
}

function firstForm(html: string): PageForm {
  const [, opening, content] = /<form([^>]*)>(.*?)<\/form>/s.exec(html) ?? [];
  if (opening === undefined || content === undefined) {
    throw new Error('The bank showed a page without a form');
  }
  const fields = new URLSearchParams();
  for (const [tag] of content.matchAll(/<input[^>]*>/g)) {
    const unticked = attribute(tag, 'type') === 'checkbox' && !/\schecked/.test(tag);
    if (!unticked) fields.append(attribute(tag, 'name'), attribute(tag, 'value'));
  }
  const [button] = /<button[^>]*name=[^>]*>/.exec(content) ?? [];
  if (button) fields.append(attribute(button, 'name'), attribute(button, 'value'));
  return { action: attribute(opening, 'action'), fields };
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}
