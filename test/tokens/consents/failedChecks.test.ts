import type { BankSettings } from '../../../core/profile/settings';
import {
  anotherProcess,
  contentIn,
  expired,
  pause,
  rotatingBank,
  passed,
} from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { closeAfterTest } from '../../support/servers/closing';
import { away } from '../../support/stores/interference';
import { json, raw } from '../../support/bank/scriptedBank';
import { startTlsServer } from '../../support/servers/tlsServer';

describe('a refresh at a bank with ID tokens', () => {
  /** A bank whose metadata, keys and tokens are slow at the first request. */
  async function slowBank(slow: number, idToken?: string) {
    const bank = await rotatingBank();
    const sent: string[] = [];
    const asked = new Set<string>();
    const server = await startTlsServer({
      handle: (request, response) => {
        const isFirst = !asked.has(request.url);
        asked.add(request.url);
        const form = new URLSearchParams(request.body);
        const answer = () => {
          if (request.url.includes('.well-known')) {
            return json(200, {
              issuer: server.url,
              token_endpoint: `${server.url}/token`,
              jwks_uri: `${server.url}/jwks`,
            });
          }
          if (request.url === '/jwks') return json(200, { keys: [] });
          if (request.url !== '/token') return raw(404, '');
          sent.push(form.get('refresh_token')!);
          return json(200, {
            access_token: `at-${sent.length}`,
            token_type: 'Bearer',
            expires_in: 3600,
            refresh_token: `rt-${sent.length}`,
            ...(idToken && { id_token: idToken }),
          });
        };
        setTimeout(() => answer()(response, request, form), isFirst ? slow : 0).unref();
      },
    });
    closeAfterTest(() => server.close());
    const settings: BankSettings = {
      ...bank.settings,
      bank: 'discovery',
      issuer: server.url,
      scope: 'openid accounts',
    };
    return { settings, sent, first: { ...expired(bank, 'c'), refresh_token: 'rt-0' } };
  }

  it('has a lease that lasts until slow metadata, keys and tokens have arrived', async () => {
    const bank = await slowBank(1700);
    const short = { connectTimeout: 0.5, requestTimeout: 2.5 };
    const one = await anotherProcess(bank, { settings: short });
    const other = await anotherProcess(bank, { settings: { ...short, connectTimeout: 0.501 } });
    await one.keep('c', passed(bank.first));
    await Promise.all([one.valid('c'), pause(20).then(() => other.valid('c'))]);
    expect(bank.sent).toEqual(['rt-0']);
  });

  it('stores tokens whose check failed, and does not send another request at the next call', async () => {
    const bank = await slowBank(0, 'garbage');
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(bank.first));
    for (let call = 0; call < 5; call++) {
      expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'jwt-malformed' });
    }
    expect(bank.sent).toEqual(['rt-0']);
    expect((await contentIn(bank))!.refreshed!.tokens.refresh_token).toBe('rt-1');
  });

  it('stores tokens whose check failed later if the store fails at the same time', async () => {
    const bank = await slowBank(0, 'garbage');
    let failures = 2;
    const failing = <Answer>(real: () => Promise<Answer>) =>
      failures-- > 0 ? Promise.reject(away()) : real();
    const first = await anotherProcess(bank);
    await first.keep('c', passed(bank.first));
    const one = await anotherProcess(bank, {
      interference: {
        receive: (real, ...given) => failing(() => real.receive(...given)),
        replace: (real, ...given) => failing(() => real.replace(...given)),
      },
    });
    expect(await failureOf(one.valid('c'))).toMatchObject({ code: 'jwt-malformed' });
    await pause(600);
    expect(bank.sent).toEqual(['rt-0']);
    expect((await contentIn(bank))!.refreshed!.tokens.refresh_token).toBe('rt-1');
  });

  it('stores received tokens before it checks them', async () => {
    const bank = await slowBank(0, 'garbage');
    const stored: (string | undefined)[] = [];
    await (await anotherProcess(bank)).keep('c', passed(bank.first));
    const one = await anotherProcess(bank, {
      interference: {
        replace: async (real, ...given) => {
          stored.push((await contentIn(bank))!.refreshed!.tokens.refresh_token);
          return real.replace(...given);
        },
      },
    });
    await failureOf(one.valid('c'));
    expect(stored).toEqual(['rt-1']);
  });
});
