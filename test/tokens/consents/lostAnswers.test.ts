import { anotherProcess, expired, pause, rotatingBank } from '../../support/consents';
import { failureOf } from '../../support/failure';

describe('an answer that is lost', () => {
  /** A refresh ends after 0.6 seconds, so that its outcome may be asked about after as long. */
  const losing = { requestTimeout: 0.3, connectTimeout: 0.3 };
  const aWhile = () => pause(700);

  it('is told, and recovered where the bank accepts the refresh token once more', async () => {
    let delay = 2000;
    const bank = await rotatingBank({ grace: true, delay: () => delay });
    const kept = await anotherProcess(bank, { settings: losing });
    await kept.keep('c', expired(bank, 'c'));
    const failure = await failureOf(kept.valid('c'));
    expect(failure).toMatchObject({ code: 'refresh-outcome-unknown', outcome: 'unknown' });
    delay = 0;
    await aWhile();
    const next = await anotherProcess(bank, { settings: { ...losing, connectTimeout: 0.31 } });
    const { tokens, remarks } = await next.valid('c');
    expect(tokens.access_token).toBe('at-c-2');
    expect(remarks.join()).toContain('did not end');
    expect((await next.list())[0]).toMatchObject({ state: 'valid' });
  });

  it('ends the consent where the bank does not, and says why', async () => {
    let delay = 2000;
    const bank = await rotatingBank({ delay: () => delay });
    const kept = await anotherProcess(bank, { settings: losing });
    await kept.keep('c', expired(bank, 'c'));
    await failureOf(kept.valid('c'));
    delay = 0;
    await aWhile();
    const next = await anotherProcess(bank, { settings: { ...losing, connectTimeout: 0.31 } });
    const failure = await failureOf(next.valid('c'));
    expect(failure).toMatchObject({ code: 'consent-ended' });
    expect(failure.description).toMatch(/^A refresh was sent on .* its answer.* was lost\./);
    expect((await next.list())[0]).toMatchObject({ state: 'needs consent' });
  });

  it('is not followed by the same refresh token from all who waited', async () => {
    const bank = await rotatingBank({ delay: () => 1500 });
    const all = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        anotherProcess(bank, {
          settings: { requestTimeout: 0.8, connectTimeout: 2 + index / 1000 },
        }),
      ),
    );
    await all[0]!.keep('c', expired(bank, 'c'));
    const failures = await Promise.all(all.map((kept) => failureOf(kept.valid('c'))));
    expect(failures.map(({ code }) => code)).toEqual(failures.map(() => 'refresh-outcome-unknown'));
    expect(failures.filter(({ outcome }) => outcome === 'unknown')).toHaveLength(1);
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('costs nothing where the bank was never reached', async () => {
    const bank = await rotatingBank();
    const kept = await anotherProcess(bank, {
      settings: { tokenEndpoint: bank.settings.tokenEndpoint },
    });
    await kept.keep('c', expired(bank, 'c'));
    const { NO_PROXY, no_proxy, HTTPS_PROXY } = process.env;
    Object.assign(process.env, { NO_PROXY: '', no_proxy: '', HTTPS_PROXY: 'http://localhost:1' });
    try {
      expect(await failureOf(kept.valid('c'))).toMatchObject({ outcome: 'not-sent' });
    } finally {
      Object.assign(process.env, { NO_PROXY, no_proxy });
      if (HTTPS_PROXY === undefined) delete process.env.HTTPS_PROXY;
      else process.env.HTTPS_PROXY = HTTPS_PROXY;
    }
    expect((await kept.list())[0]).toMatchObject({ state: 'expiring' });
    const next = await anotherProcess(bank);
    expect((await next.valid('c')).tokens.access_token).toBe('at-c-1');
  });
});
