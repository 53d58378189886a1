import { sandboxWithThirdParty } from './sandboxWithThirdParty';
import { TestThirdParty } from './thirdParty';

const DELAY = 20;

const at = sandboxWithThirdParty({ delay: DELAY, refuseEvery: 4, pageSize: '5-25' });
let token: string;

beforeAll(async () => {
  token = (await at.thirdParty.exchange((await at.bank.authorize()).code)).body.access_token;
});

const accounts = (headers: Record<string, string> = {}, version?: 'v4.0') =>
  at.thirdParty.api('/accounts', token, { headers, version });

it('refuses one of some requests, and those that a test wants, with Retry-After', async () => {
  const statuses: number[] = [];
  for (let count = 0; count < 8; count += 1) statuses.push((await accounts()).status);
  expect(statuses).toEqual([200, 200, 200, 429, 200, 200, 200, 429]);
  await at.bank.refuse({ count: 1, status: 503, retryAfter: '7' });
  const refused = await accounts();
  expect(refused).toMatchObject({ status: 503, text: '', headers: { 'retry-after': '7' } });
  await at.bank.refuse({ count: 1, status: 429 });
  expect((await accounts()).headers).not.toHaveProperty('retry-after');
  await expect(at.bank.refuse({ count: 1, status: 500 })).rejects.toThrow('answered 400');
  expect((await accounts()).status).toBe(200);
});

it('delays every byte each way, and a new connection by a round trip more', async () => {
  const began = performance.now();
  await at.thirdParty.call(`${at.bank.ready.gatewayUrl}/`);
  const kept = performance.now() - began;
  expect(kept).toBeGreaterThanOrEqual(2 * DELAY - 2);
  const another = new TestThirdParty(at.bank.ready);
  const start = performance.now();
  await another.call(`${at.bank.ready.gatewayUrl}/`);
  another.close();
  // TCP, TLS and the request: three round trips.
  expect(performance.now() - start).toBeGreaterThanOrEqual(6 * DELAY - 4);
});

it.each([
  ['x-fapi-interaction-id', 'my request'],
  ['x-fapi-auth-date', '2026-03-01T09:05:00Z'],
  ['x-fapi-customer-ip-address', 'somewhere'],
])('refuses the header %s: %s', async (name, value) => {
  await at.bank.refuse({ count: 0, status: 429 });
  const refusals = [await accounts({ [name]: value }), await accounts({ [name]: value }, 'v4.0')];
  expect(refusals).toMatchObject([
    { status: 400, body: { Code: '400 BadRequest' } },
    { status: 400, body: { Errors: [{ ErrorCode: 'U006' }] } },
  ]);
});

it('refuses to answer other than JSON', async () => {
  expect(await accounts({ accept: 'text/html' })).toMatchObject({ status: 406, text: '' });
});

it('names the version in the errors of the gateway', async () => {
  const { text } = await at.thirdParty.api('/accounts', 'unknown', { version: 'v4.0' });
  expect(text).toContain('/open-banking/v4.0/aisp, version: v4.0 status: (900901)');
});
