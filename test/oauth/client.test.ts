import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { startAnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import { json, TOKENS } from '../support/bank/scriptedBank';
import { closeAfterTest } from '../support/servers/closing';

let settings: BankSettings;
beforeAll(async () => (settings = await customCredential('https://bank.example')));

describe('clientOf', () => {
  it('makes one client for equal settings', async () => {
    expect(await clientOf({ ...settings })).toBe(await clientOf({ ...settings }));
  });

  it('makes another client for other settings', async () => {
    const first = await clientOf(settings);
    const second = await clientOf({ ...settings, scope: 'payments' });
    expect(second).not.toBe(first);
    // Both use the same TLS identity, so they share connections.
    expect(second.profile.identity.fingerprint).toBe(first.profile.identity.fingerprint);
  });

  it('makes one client for all consents of a credential', async () => {
    const of = (consent: string) => clientOf({ ...settings, consent } as BankSettings);
    expect(await of('a')).toBe(await of('b'));
  });

  it('sends a code once, although 1,001 other credentials were used since', async () => {
    const server = await startAnsweringServer();
    closeAfterTest(() => server.close());
    server.answers = { '/token': json(200, TOKENS) };
    const credential = await customCredential(server.url);
    const exchange = async () => (await clientOf(credential)).exchange({ code: 'c-1' });
    const client = await clientOf(credential);
    const first = await exchange();
    for (let count = 0; count <= 1000; count++) {
      await clientOf({ ...credential, clientId: `other-${count}` });
    }
    expect(await clientOf(credential)).not.toBe(client);
    expect((await exchange()).tokens).toEqual(first.tokens);
    expect(server.requests).toHaveLength(1);
  });

  it('does not remember refused settings', async () => {
    const wrong = { ...settings, clientId: '' };
    const [first, second] = [clientOf(wrong), clientOf(wrong)];
    await expect(first).rejects.toMatchObject({ code: 'field-missing' });
    await expect(second).rejects.toMatchObject({ code: 'field-missing' });
    const third = clientOf(wrong);
    await expect(third).rejects.toMatchObject({ code: 'field-missing' });
    expect(third).not.toBe(first);
  });
});
