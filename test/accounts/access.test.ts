import { ConsentAccess, GivenAccess, type Access } from '../../core/accounts/access';
import { AccountApi } from '../../core/accounts/accountApi';
import { createProfile } from '../../core/profile/profile';
import { failureOf } from '../support/failure';
import { tlsServer } from '../support/servers/closing';
import { anotherProcess, passTime, rotatingBank } from '../support/stores/consents';

/** An account API. It decides by the token, without `Bearer`. */
async function apiOf(accepts: (token: string, path: string) => boolean) {
  const tokens: string[] = [];
  const server = await tlsServer({
    handle: ({ headers, url }, response) => {
      const token = (headers.authorization ?? '').replace('Bearer ', '');
      tokens.push(token);
      response.writeHead(accepts(token, url) ? 200 : 401).end('{"Data":{}}');
    },
  });
  return { url: server.url, tokens };
}

/** A consent whose first token is `at-c-1`. */
async function consent(accepts: (token: string, path: string) => boolean, changes = {}) {
  const bank = await rotatingBank(changes);
  const tokens = await anotherProcess(bank);
  await tokens.valid('c', { firstRefreshToken: bank.consent('c') });
  const { url, tokens: used } = await apiOf(accepts);
  const profile = await createProfile({ ...bank.settings, accountApiUrl: `${url}/aisp` });
  const apiWith = (access: Access) => new AccountApi(profile, access);
  return { bank, tokens, used, apiWith, access: new ConsentAccess(tokens, 'c') };
}

const accounts = (count: number) => Array.from({ length: count }, (_, i) => `/accounts/A-${i}`);

describe('the access of a stored consent', () => {
  test('is its valid token', async () => {
    const { bank, access, apiWith, used } = await consent(() => true);
    const api = apiWith(access);
    for (const path of accounts(5)) await api.get(path);
    expect(new Set(used)).toEqual(new Set(['at-c-1']));
    expect(bank.refreshes()).toBe(1);
    expect(access.remarks).toEqual([]);
    expect(await access.consentId()).toBeUndefined();
  });

  test('is refreshed before it expires, also in the middle of a pull', async () => {
    const { access, apiWith, used } = await consent(() => true, { expiresIn: 600 });
    const api = apiWith(access);
    await api.get('/accounts');
    passTime(580_000);
    await api.get('/accounts');
    expect(used).toEqual(['at-c-1', 'at-c-2']);
  });

  test('may end on its way to the bank if its refresh is slow: the request is repeated with the one refresh', async () => {
    let refreshes = 0;
    // Only the second refresh is slow.
    const delay = () => (++refreshes === 2 ? 1200 : 0);
    const changes = { expiresIn: 4, delay };
    const { bank, access, apiWith, used } = await consent((token) => token !== 'at-c-1', changes);
    passTime(2_500);
    await apiWith(access).get('/accounts');
    expect(used).toEqual(['at-c-1', 'at-c-2']);
    expect(access.remarks).toEqual([expect.stringContaining('is still under way')]);
    expect(bank.refreshes()).toBe(2);
  });

  test('is refreshed once for 200 accounts side by side', async () => {
    const { bank, access, apiWith, used } = await consent((token) => token !== 'at-c-1');
    const api = apiWith(access);
    await Promise.all(accounts(200).map((path) => api.get(path)));
    expect(bank.refreshes()).toBe(2);
    expect(used.filter((token) => token === 'at-c-2')).toHaveLength(200);
  });

  test('is refreshed once for 200 accounts that the bank refuses all the same', async () => {
    const { bank, access, apiWith, used } = await consent(() => false);
    const api = apiWith(access);
    const first = await Promise.all(accounts(20).map((path) => failureOf(api.get(path))));
    const rest = [];
    for (const path of accounts(180)) rest.push(await failureOf(api.get(path)));
    for (const error of [...first, ...rest]) {
      expect(error).toMatchObject({ code: 'consent-not-accepted', status: 401 });
      expect(error.message).toContain('although it was just refreshed');
    }
    expect(bank.refreshes()).toBe(2);
    // The first ones were sent twice, and the others once.
    expect(used.filter((token) => token === 'at-c-2')).toHaveLength(200);
    expect(bank.grant('c').revoked).toBe(false);
  });

  test('stays in the store after refusals, and is good again as soon as the bank accepts it', async () => {
    let accepts = false;
    const { bank, tokens, access, apiWith, used } = await consent(() => accepts);
    const api = apiWith(access);
    for (const path of accounts(3)) await failureOf(api.get(path));
    expect(await tokens.list()).toMatchObject([{ consent: 'c', state: 'valid' }]);
    accepts = true;
    const later = new ConsentAccess(await anotherProcess(bank), 'c');
    expect((await apiWith(later).get('/accounts')).status).toBe(200);
    expect(used.at(-1)).toBe('at-c-2');
    expect((await tokens.stored('c')).refresh_token).toBe('rt-c-2');
    expect(bank.refreshes()).toBe(2);
  });

  test('is not refreshed for a request whose token was replaced in the meantime', async () => {
    const { bank, access } = await consent(() => true);
    const refused = await access.authorization();
    expect(await access.renewed(refused)).toBe('Bearer at-c-2');
    expect(await access.renewed(refused)).toBe('Bearer at-c-2');
    expect(await access.authorization()).toBe('Bearer at-c-2');
    expect(bank.refreshes()).toBe(2);
  });

  test('is that of another process if that one has refreshed it', async () => {
    const { bank, access } = await consent(() => true);
    const refused = await access.authorization();
    await (await anotherProcess(bank)).valid('c', { refreshNow: true });
    expect(await access.renewed(refused)).toBe('Bearer at-c-2');
    // The memory of this process may still have the first one.
    expect(await access.authorization()).toBe('Bearer at-c-2');
    expect(bank.refreshes()).toBe(2);
  });

  test('is refreshed once more only if the bank had accepted the new token for a while', async () => {
    const { bank, tokens } = await consent(() => true);
    let now = Date.now();
    const access = new ConsentAccess(tokens, 'c', () => now);
    const second = await access.renewed(await access.authorization());
    expect(await access.renewed(second!)).toBeUndefined();
    now += 3_600_000;
    expect(await access.renewed(second!)).toBeUndefined();
    access.accepted(second!);
    expect(await access.renewed(second!)).toBe('Bearer at-c-3');
    access.accepted('Bearer at-c-3');
    expect(await access.renewed('Bearer at-c-3')).toBeUndefined();
    expect(bank.refreshes()).toBe(3);
  });

  test('stays the present token, with a warning, if the refresh fails', async () => {
    let answers = true;
    const { bank, apiWith, used } = await consent(() => false, { answers: () => answers });
    answers = false;
    bank.settings.requestTimeout = 0.2;
    const access = new ConsentAccess(await anotherProcess(bank), 'c');
    const api = apiWith(access);
    for (const path of accounts(3)) {
      expect(await failureOf(api.get(path))).toMatchObject({ code: 'consent-not-accepted' });
    }
    expect(access.remarks).toEqual([expect.stringContaining('"c"')]);
    expect(bank.tokenRequests.count).toBe(2);
    expect(used).toHaveLength(3);
  });

  test('is the refusal of the refresh if the bank has ended the consent', async () => {
    const { bank, access, apiWith } = await consent(() => false);
    bank.grant('c').revoked = true;
    const api = apiWith(access);
    const errors = await Promise.all(accounts(5).map((path) => failureOf(api.get(path))));
    for (const { stage } of errors) expect(stage).toBe('authorization-server');
    expect(bank.tokenRequests.count).toBe(2);
    expect((await failureOf(api.get('/accounts'))).stage).toBe('authorization-server');
    expect(bank.tokenRequests.count).toBe(2);
  });

  test('fails if the consent is unknown', async () => {
    const bank = await rotatingBank();
    const access = new ConsentAccess(await anotherProcess(bank), 'other');
    expect(await failureOf(access.authorization())).toMatchObject({ code: 'consent-unknown' });
  });
});

describe('the access with a given token', () => {
  test.each(['at-1', 'Bearer at-1', ' bearer  at-1\n', 'BEARER at-1'])(
    'accepts %p',
    async (given) => {
      const access = new GivenAccess(given);
      expect(await access.authorization()).toBe('Bearer at-1');
      expect(await access.renewed()).toBeUndefined();
      expect(access.remarks).toEqual([]);
    },
  );

  test.each(['', '  ', 'Bearer', 'Bearer '])('needs a token: %p', (given) => {
    expect(() => new GivenAccess(given)).toThrow(
      expect.objectContaining({ code: 'input-missing' }),
    );
  });

  test.each(['at 1', 'at-1\r\nX: y', 'tökén', 'Basic abc'])('refuses %p', (given) => {
    expect(() => new GivenAccess(given)).toThrow(
      expect.objectContaining({ code: 'field-malformed' }),
    );
  });

  test('is never refreshed', async () => {
    const { bank, apiWith, used } = await consent(() => false);
    const error = await failureOf(apiWith(new GivenAccess('at-c-1')).get('/accounts'));
    expect(error).toMatchObject({ code: 'token-not-accepted' });
    expect(used).toEqual(['at-c-1']);
    expect(bank.tokenRequests.count).toBe(1);
  });
});
