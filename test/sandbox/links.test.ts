import { sandboxWithThirdParty } from './sandboxWithThirdParty';
import type { Answer } from './thirdParty';

const at = sandboxWithThirdParty();
let long: string;

beforeAll(async () => {
  const { headers } = await open(`${at.bank.ready.identityUrl}/sandbox/customer-link`);
  long = headers.location!;
});

/** Sends a request without a client certificate, like a browser. */
const open = (url: string): Promise<Answer> => at.thirdParty.call(url, { certificate: 'none' });

const shorten = (body: string): Promise<Answer & { body: { url?: string; error?: string } }> =>
  at.thirdParty.call(`${at.bank.ready.identityUrl}/sandbox/links`, { method: 'POST', body });

it('a short link redirects to its address', async () => {
  expect(long.length).toBeGreaterThan(1_000);
  const { status, body } = await shorten(long);
  expect(status).toBe(201);
  // Together with the words in front of it, it fits on a line of 80 characters.
  expect(body.url!.length).toBeLessThan(60);
  expect(body.url).toMatch(/^https:\/\/localhost:\d+\/sandbox\/ask\/[\w-]{16}$/);
  const { status: redirected, headers } = await open(body.url!);
  expect([redirected, headers.location]).toEqual([302, long]);
});

it('each address has a short link of its own', async () => {
  const { body: first } = await shorten(long);
  const { body: second } = await shorten(long);
  expect(second.url).not.toBe(first.url);
});

it('an address outside the authorization endpoint gets no short link', async () => {
  const endpoint = `${at.bank.ready.identityUrl}/oauth2/authorize?`;
  for (const address of [
    '',
    'https://example.com/',
    `${at.bank.ready.identityUrl}/sandbox/redirect`,
  ]) {
    const { status, body } = await shorten(address);
    expect(status).toBe(400);
    expect(body.error).toContain(endpoint);
  }
});

it('an unknown short link leads to a page that explains the failure', async () => {
  for (const id of ['', 'AAAAAAAAAAAAAAAA']) {
    const { status, text } = await open(`${at.bank.ready.identityUrl}/sandbox/ask/${id}`);
    expect(status).toBe(404);
    expect(text).toContain('The bank does not know this link');
  }
});
