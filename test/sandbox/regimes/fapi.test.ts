import { describeBank } from './describeBank';

describeBank(
  { regime: 'fapi1', redirect: 'fragment', lifetime: 3_600, rotates: true },
  (thirdParty) => {
    it('says that it has no third party and no customer of its own', async () => {
      await expect(thirdParty().bank.authorize()).rejects.toThrow(
        /404.*Only the bank of the regime/,
      );
    });
  },
);

describeBank(
  { regime: 'fapi2', redirect: 'query', lifetime: 3_600, rotates: false },
  (thirdParty) => {
    it('refuses an address with more than client_id and request_uri', async () => {
      const { address } = await thirdParty().request('', { address: { scope: 'openid' } });
      const { status, text } = await thirdParty().call(address!, { certificate: 'none' });
      expect(status).toBe(400);
      expect(text).toContain('FAPI 2.0 5.3.3.2-6: client_id and request_uri');
    });

    it('refuses an address without a pushed request', async () => {
      const { identityUrl, clientId } = thirdParty().bank.ready;
      const address = `${identityUrl}/oauth2/authorize?client_id=${clientId}&response_type=code`;
      const { status, text } = await thirdParty().call(address, { certificate: 'none' });
      expect(status).toBe(400);
      expect(text).toContain('FAPI 2.0 5.3.2.2-3: authorization requests are pushed first');
    });
  },
);
