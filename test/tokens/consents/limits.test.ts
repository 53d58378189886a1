import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { clientOf } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { destroyAgents } from '../../../core/transport/agents';
import { openConsentTokens } from '../../../core/tokens/openStores';
import { ownUserFolder } from '../../support/n8n/userFolder';
import { closeAfterTest } from '../../support/servers/closing';
import { expired, passed, pause, rotatingBank, tokensOf } from '../../support/stores/consents';

ownUserFolder();

/** As a node opens it: the limits are those of the process. */
async function opened(settings: BankSettings, changes: Partial<BankSettings> = {}) {
  return openConsentTokens(await clientOf({ ...settings, ...changes }), {});
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `consent-${index}`);

/** A bank that answers no token request, and refreshes that wait for it. */
async function hangingBank(consents: readonly string[]) {
  let answers = false;
  const bank = await rotatingBank({ answers: () => answers });
  const tokens = await opened(bank.settings);
  for (const consent of consents) await tokens.keep(consent, passed(expired(bank, consent)));
  const asked = Promise.allSettled(consents.map((consent) => tokens.valid(consent)));
  // At the end of the test the bank closes its connections.
  closeAfterTest(() => asked.then(() => undefined));
  while (bank.tokenRequests.underWay < Math.min(32, consents.length)) await pause(10);
  /** The bank ends the connections that it did not answer, and answers from now on. */
  const recover = () => {
    answers = true;
    return destroyAgents();
  };
  return { bank, tokens, recover };
}

describe('for one bank', () => {
  it('at most 32 refreshes are under way, over 32 connections, if 200 consents are due at once', async () => {
    const bank = await rotatingBank({ delay: () => 50 });
    // Two credentials of one bank, with the same certificate.
    const all = [
      await opened(bank.settings),
      await opened(bank.settings, { requestTimeout: 29 }),
    ] as const;
    const consents = names(200);
    for (const consent of consents) await all[0].keep(consent, passed(expired(bank, consent)));
    const tokens = await Promise.all(
      consents.map((consent, index) => all[index % 2]!.valid(consent)),
    );
    expect(tokens.map(({ tokens: { access_token: token } }) => token)).toEqual(
      consents.map((consent) => `at-${consent}-1`),
    );
    const { count, most } = bank.tokenRequests;
    expect(count).toBe(200);
    expect(most).toBeLessThanOrEqual(32);
    // They wait for each other no more than they have to.
    expect(most).toBeGreaterThan(16);
    expect(bank.connections.opened).toBeLessThanOrEqual(32);
    expect(bank.revoked()).toEqual([]);
  });
});

describe('a bank that does not answer', () => {
  const consents = names(100);

  it('holds up no refresh at another bank', async () => {
    const { bank } = await hangingBank(consents);
    const other = await rotatingBank();
    const tokens = await opened(other.settings);
    await tokens.keep('c', passed(expired(other, 'c')));
    expect((await tokens.valid('c')).tokens.access_token).toBe('at-c-1');
    expect(bank.tokenRequests.underWay).toBe(32);
  });

  it('holds up no caller whose stored token is valid', async () => {
    const { bank, tokens } = await hangingBank(consents);
    await tokens.keep('fresh', passed(tokensOf('at-fresh')));
    // Without the tokens in memory: as another credential sees them.
    const others = await opened(bank.settings, { requestTimeout: 28 });
    expect((await others.valid('fresh')).tokens.access_token).toBe('at-fresh');
    expect(bank.tokenRequests.underWay).toBe(32);
  });

  it('does not cost the last seconds of a token whose refresh waits for others', async () => {
    const { bank, tokens, recover } = await hangingBank(consents);
    const expiresAt = Date.now() + 3000;
    const living = tokensOf('at-living', {
      refresh_token: bank.consent('living'),
      obtained_at: new Date(expiresAt - 3_600_000).toISOString(),
      expires_at: new Date(expiresAt).toISOString(),
    });
    await tokens.keep('living', passed(living));
    const token = await tokens.valid('living');
    expect(token.tokens.access_token).toBe('at-living');
    expect(token.remarks).toEqual([expect.stringContaining('is still under way')]);
    expect(Date.now()).toBeLessThan(expiresAt);
    expect(bank.tokenRequests).toMatchObject({ count: 32, underWay: 32 });
    await recover();
    // The refresh goes on.
    while ((await tokens.stored('living')).access_token !== 'at-living-1') await pause(20);
  });
});

describe('a store that does not answer', () => {
  it('holds up no caller of another store', async () => {
    const bank = await rotatingBank();
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const hanging = openConsentTokens(await clientOf(bank.settings), {
      keepTokensIn: 'postgres',
      postgresUrl: `postgres://user:password@127.0.0.1:${port}/database`,
    });
    let failed = 0;
    const asked = names(64).map((consent) => hanging.valid(consent).catch(() => failed++));
    closeAfterTest(async () => {
      silent.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(asked);
    });
    while (sockets.length === 0) await pause(10);
    const tokens = await opened(bank.settings);
    await tokens.keep('c', passed(expired(bank, 'c')));
    expect((await tokens.valid('c')).tokens.access_token).toBe('at-c-1');
    expect(failed).toBe(0);
  });
});
