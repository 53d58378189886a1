import { startSandbox } from '../support/bank/sandbox';
import { TestThirdParty } from './thirdParty';

describe('a sandbox bank without rotation', () => {
  it('returns the same refresh token, and tokens with the lifetime of its options', async () => {
    const steady = await startSandbox({ rotation: false, accessTokenLifetime: 2 });
    const client = new TestThirdParty(steady.ready);
    try {
      const first = await client.exchange((await steady.authorize()).code);
      expect(first.body.expires_in).toBe(2);
      const again = await client.refresh(first.body.refresh_token);
      expect(again.body.refresh_token).toBe(first.body.refresh_token);
      expect((await client.api('/accounts', again.body.access_token)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect((await client.api('/accounts', again.body.access_token)).status).toBe(401);
    } finally {
      client.close();
      await steady.stop();
    }
  });
});

describe('a sandbox bank in a test', () => {
  it('has customers who share some of their accounts, and several pages of accounts', async () => {
    const fine = await startSandbox({ pageSize: 1 });
    const client = new TestThirdParty(fine.ready);
    try {
      const shared = ['30080098763459', '30080044445555'];
      const { code } = await fine.authorize(undefined, shared);
      const { access_token } = (await client.exchange(code)).body;
      const pages = await Promise.all(
        ['/accounts', '/accounts?page=2', '/accounts?page=3'].map((path) =>
          client.api(path, access_token),
        ),
      );
      expect(pages.map(({ status }) => status)).toEqual([200, 200, 400]);
      const [first, second] = pages.map(({ body }) => body);
      expect(
        [first, second].map((body) => body!.Data.Account.map(({ AccountId }) => AccountId)),
      ).toEqual(shared.map((id) => [id]));
      expect(first!.Meta.TotalPages).toBe(2);
      expect(first!.Links.Next).toMatch(/\/accounts\?page=2$/);
      expect(second!.Links.Next).toBeUndefined();
    } finally {
      client.close();
      await fine.stop();
    }
  });

  it('changes the lifetime of tokens while it runs, and has the page size of its options', async () => {
    const fine = await startSandbox({ accessTokenLifetime: 2, pageSize: 7 });
    const client = new TestThirdParty(fine.ready);
    try {
      const first = await client.exchange((await fine.authorize()).code);
      expect(first.body.expires_in).toBe(2);
      await fine.setAccessTokenLifetime(500);
      const again = await client.refresh(first.body.refresh_token);
      expect(again.body.expires_in).toBe(500);
      await expect(fine.setAccessTokenLifetime(0)).rejects.toThrow('answered 400');
      const { access_token } = again.body;
      const path = '/accounts/30080012343456/transactions';
      const { body } = await client.api(path, access_token);
      expect(body.Data.Transaction).toHaveLength(7);
      expect(body.Meta.TotalPages).toBe(18);
      const last = await client.api(`${path}?page=18`, access_token);
      expect(last.body.Data.Transaction).toHaveLength(1);
      expect(last.body.Links.Next).toBeUndefined();
    } finally {
      client.close();
      await fine.stop();
    }
  });
});
