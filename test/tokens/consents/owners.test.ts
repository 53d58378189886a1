import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { failureOf } from '../../support/failure';
import { transportFields } from '../../support/bank/credential';
import { generatePrivateKey } from '../../support/keys/certificates';
import {
  accessTokenOf,
  anotherProcess,
  contentIn,
  expired,
  keepAsFormerVersion,
  passed,
  pause,
  recordsOf,
  rotatingBank,
  tokensOf,
  type RotatingBankOptions,
} from '../../support/stores/consents';

/** Keys and certificate that another user of the same n8n made. */
let own: Awaited<ReturnType<typeof transportFields>>;
beforeAll(async () => {
  own = await transportFields({ key: generatePrivateKey('rsa') });
});

/** Two users with the same bank and client ID. Each call of `victim` and `attacker` is another process. */
async function users(options?: RotatingBankOptions) {
  const bank = await rotatingBank(options);
  return {
    bank,
    victim: () => anotherProcess(bank),
    attacker: () => anotherProcess(bank, { settings: own }),
  };
}

/** All that a user of the same n8n may try with the name of a consent. */
const attempts: Record<string, (attacker: ConsentTokens) => Promise<unknown>> = {
  list: async (attacker) => expect(await attacker.list()).toEqual([]),
  forget: async (attacker) => expect(await attacker.forget('c')).toBe(false),
  end: async (attacker) => {
    const revoke = jest.fn(() => Promise.resolve());
    expect(await failureOf(attacker.end('c', revoke))).toMatchObject({ code: 'consent-unknown' });
    expect(revoke).not.toHaveBeenCalled();
  },
  stored: async (attacker) =>
    expect(await failureOf(attacker.stored('c'))).toMatchObject({ code: 'consent-unknown' }),
  valid: async (attacker) =>
    expect(await failureOf(attacker.valid('c', { tryAgain: true }))).toMatchObject({
      code: 'consent-unknown',
    }),
  consentOf: async (attacker) => expect(await attacker.consentOf('rt-c-0')).toBeUndefined(),
  refreshGiven: async (attacker) =>
    expect(await failureOf(attacker.refreshGiven('c', 'rt-c-0'))).toMatchObject({
      code: 'consent-unknown',
    }),
};

describe.each(['stored by this version', 'stored by an earlier version'])(
  'a consent of another user, %s',
  (version) => {
    const store = async ({ bank, victim }: Awaited<ReturnType<typeof users>>) => {
      if (version === 'stored by this version') {
        await (await victim()).keep('c', passed(expired(bank, 'c')));
      } else {
        await keepAsFormerVersion(bank, 'c', expired(bank, 'c'));
      }
    };

    it.each(Object.keys(attempts))('is not reached by %s', async (attempt) => {
      const all = await users();
      await store(all);
      const before = await recordsOf();
      await attempts[attempt]!(await all.attacker());
      expect(await recordsOf()).toEqual(
        before.map((record) => ({ ...record, readAt: expect.anything() as object })),
      );
      expect(all.bank.refreshes()).toBe(0);
      expect(await accessTokenOf(await all.victim())).toBe('at-c-1');
    });

    it('stays beside the tokens that the user stores under the same name', async () => {
      const all = await users();
      await store(all);
      const attacker = await all.attacker();
      await attacker.receive('c', tokensOf('at-mine'), {});
      expect(await attacker.keep('c', passed(tokensOf('at-mine')))).toEqual({ remarks: [] });
      expect(await accessTokenOf(await all.attacker())).toBe('at-mine');
      expect(await accessTokenOf(await all.victim())).toBe('at-c-1');
      expect(await (await all.attacker()).list()).toMatchObject([{ consent: 'c' }]);
      expect(await (await all.victim()).list()).toMatchObject([{ consent: 'c', state: 'valid' }]);
      expect(await recordsOf()).toHaveLength(2);
      expect(await (await all.attacker()).forget('c')).toBe(true);
      expect(await accessTokenOf(await all.victim())).toBe('at-c-1');
      expect(await recordsOf()).toHaveLength(1);
    });

    it('stays beside the tokens that the user begins with a first refresh token', async () => {
      const all = await users();
      await store(all);
      const firstRefreshToken = all.bank.consent('mine');
      const { tokens } = await (await all.attacker()).valid('c', { firstRefreshToken });
      expect(tokens.access_token).toBe('at-mine-1');
      expect(await accessTokenOf(await all.victim())).toBe('at-c-1');
      expect(all.bank.revoked()).toEqual([]);
    });
  },
);

it('a user does not stop the refresh of another user that is under way', async () => {
  const { bank, victim, attacker } = await users({ delay: () => 300 });
  await keepAsFormerVersion(bank, 'c', expired(bank, 'c'));
  const asked = accessTokenOf(await victim());
  const other = await attacker();
  let attacks = 0;
  let isOver = false;
  void asked.finally(() => (isOver = true));
  while (!isOver) {
    await other.forget('c');
    await other.keep('c', passed(tokensOf(`at-mine-${++attacks}`)));
    await other.list();
    await pause(1);
  }
  expect(attacks).toBeGreaterThan(1);
  expect(await asked).toBe('at-c-1');
  expect(await contentIn(bank)).toMatchObject({ tokens: { refresh_token: 'rt-c-1' } });
  expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
});

it('moves a record of an earlier version to the name of its key at the first refresh', async () => {
  const { bank, victim } = await users();
  await keepAsFormerVersion(bank, 'c', expired(bank, 'c'));
  const [former] = await recordsOf();
  expect(await accessTokenOf(await victim())).toBe('at-c-1');
  const records = await recordsOf();
  expect(records).toHaveLength(1);
  expect(records[0]!.name).not.toBe(former!.name);
  expect(await (await victim()).consentOf('rt-c-1')).toBe('c');
});

it('uses a record of an earlier version with a living token as it is', async () => {
  const { bank, victim } = await users();
  await keepAsFormerVersion(bank, 'c', tokensOf('at-1'));
  const [former] = await recordsOf();
  expect(await accessTokenOf(await victim())).toBe('at-1');
  expect(await recordsOf()).toMatchObject([{ name: former!.name, revision: former!.revision }]);
});
