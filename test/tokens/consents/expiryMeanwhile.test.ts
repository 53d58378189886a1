import { HOUR, MINUTE } from '../../support/clock';
import {
  anotherProcess,
  keepAsFormerVersion,
  passed,
  passTime,
  recordsOf,
} from '../../support/stores/consents';
import { away } from '../../support/stores/interference';
import { idTokenBank, tokensFor } from '../../support/bank/tokenBank';
import { exchanged, failed } from './exchangedTokens';

describe('a stored token that expires after it was found', () => {
  it('is refreshed if the removal of another record of its consent took longer than its life', async () => {
    const bank = await idTokenBank();
    await (await anotherProcess(bank)).keep('c', passed(tokensFor(600)));
    // For a while, a person used an earlier version again. It stored newer tokens beside these.
    const obtained_at = new Date(Date.now() + 10).toISOString();
    const newer = { access_token: 'at-newer', refresh_token: 'rt-newer', obtained_at };
    await keepAsFormerVersion(bank, 'c', tokensFor(300, newer));
    expect(await recordsOf()).toHaveLength(2);
    let isSlow = true;
    const kept = await anotherProcess(bank, {
      interference: {
        acquire: (real, ...given) => {
          if (isSlow) passTime(10 * MINUTE);
          isSlow = false;
          return real.acquire(...given);
        },
      },
    });
    expect((await kept.valid('c')).tokens.access_token).toMatch(/^at-\d+$/);
    expect(bank.sent).toEqual(['rt-newer']);
    expect(await recordsOf()).toHaveLength(1);
  });

  it('is refreshed if another process had just refreshed it, and the end of the lease took longer than its life', async () => {
    const bank = await idTokenBank();
    const first = await anotherProcess(bank);
    await first.keep('c', passed(tokensFor(-1)));
    let isSlow = false;
    const second = await anotherProcess(bank, {
      interference: {
        acquire: async (real, ...given) => {
          if (bank.sent.length === 0) {
            await first.valid('c');
            isSlow = true;
          }
          return real.acquire(...given);
        },
        release: (real, ...given) => {
          if (isSlow) passTime(2 * HOUR);
          isSlow = false;
          return real.release(...given);
        },
      },
    });
    const { tokens } = await second.valid('c');
    expect(isSlow).toBe(false);
    expect(Date.parse(tokens.expires_at!)).toBeGreaterThan(Date.now());
    expect(bank.sent).toHaveLength(2);
  });

  it('is refreshed if the check of newer tokens took longer than its life, and could not be stored', async () => {
    const bank = await idTokenBank();
    const first = await anotherProcess(bank);
    await first.keep('c', passed(tokensFor(300)));
    await first.keep('c', failed(await exchanged({ claims: { nonce: 'another' } })));
    let isSlow = true;
    const slow = (): Promise<never> => {
      passTime(10 * MINUTE);
      isSlow = false;
      return Promise.reject(away());
    };
    const kept = await anotherProcess(bank, {
      interference: {
        amend: (real, ...given) => (isSlow ? slow() : real.amend(...given)),
        replace: (real, ...given) => (isSlow ? slow() : real.replace(...given)),
      },
    });
    expect((await kept.valid('c')).tokens.access_token).toMatch(/^at-\d+$/);
    expect(bank.sent).toEqual(['rt']);
  });
});
