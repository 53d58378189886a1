import type { TokenStore } from '../../../core/store/store';
import { createProfile } from '../../../core/profile/profile';
import type { ConsentTokens } from '../../../core/tokens/consents/consentTokens';
import { newestFirst } from '../../../core/tokens/consents/recordOrder';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { newRecord } from '../../../core/tokens/records/record';
import type { RecordContent } from '../../../core/tokens/records/recordContent';
import { digest } from '../../../core/lib/digest';
import type { RotatingBank } from '../../support/bank/rotatingBank';
import {
  accessTokenOf,
  anotherProcess,
  expired,
  pause,
  recordsOf,
  rotatingBank,
  tokensOf,
} from '../../support/stores/consents';

const encryptionKey = 'b'.repeat(32);

/** A process with another first key. `meanwhile` runs after it looked for the consent for the first time, and found nothing. */
function processThatLooksEarly(
  bank: RotatingBank,
  meanwhile: () => Promise<unknown>,
): Promise<ConsentTokens> {
  let isFirst = true;
  return anotherProcess(bank, {
    settings: { encryptionKey },
    interference: {
      find: async (real, names) => {
        const found = await real.find(names);
        if (isFirst) {
          isFirst = false;
          await meanwhile();
        }
        return found;
      },
    },
  });
}

describe('a First Refresh Token that two processes with different first keys import', () => {
  it('is sent once if one has refreshed it before the other stores it', async () => {
    const bank = await rotatingBank();
    const firstRefreshToken = bank.consent('c');
    const one = await anotherProcess(bank);
    const other = await processThatLooksEarly(bank, async () => {
      await one.valid('c', { firstRefreshToken });
      await pause(5);
    });
    expect((await other.valid('c', { firstRefreshToken })).tokens.access_token).toBe('at-c-1');
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
    expect(await recordsOf()).toHaveLength(1);
    const both = await anotherProcess(bank, { settings: { encryptionKey } });
    expect(await accessTokenOf(both)).toBe('at-c-1');
  });
});

it('a record stays if only it has the refresh token that its refresh brought', async () => {
  const bank = await rotatingBank();
  let store: TokenStore | undefined;
  const settings = { encryptionKey };
  const both = await anotherProcess(bank, {
    settings,
    interference: {
      find: async (real, names) => {
        if (!store) {
          store = real;
          const profile = await createProfile(bank.settings);
          const [first, derived] = encryptionKeys(encryptionKey, profile);
          const tokens = tokensOf('at-old-0', {
            refresh_token: 'rt-old-0',
            obtained_at: new Date(0).toISOString(),
          });
          const refreshed = { tokens: tokensOf('at-old-1', { refresh_token: 'rt-old-1' }) };
          const common = { grant: '', imported: [] };
          await real.replace(
            newRecord({ profile, consent: 'c' }, { ...common, tokens, refreshed }, [derived!]),
            0,
          );
          await real.replace(
            newRecord({ profile, consent: 'c' }, { ...common, tokens: expired(bank, 'new') }, [
              first,
            ]),
            0,
          );
        }
        return real.find(names);
      },
    },
  });
  expect(await accessTokenOf(both)).toBe('at-new-1');
  expect(await recordsOf()).toHaveLength(2);
  // Both end together.
  const revoked: unknown[] = [];
  await both.end('c', ({ refresh_token: token }) => {
    revoked.push(token);
    return Promise.resolve();
  });
  expect(revoked.sort()).toEqual(['rt-new-1', 'rt-old-0', 'rt-old-1']);
  expect(await recordsOf()).toEqual([]);
});

describe('the order of two records', () => {
  const times = { old: '2026-01-01T00:00:00.000Z', new: '2026-01-02T00:00:00.000Z' };
  const passed = (refresh_token: string, age: keyof typeof times) =>
    tokensOf('at', { refresh_token, obtained_at: times[age] });
  const first = (refresh_token: string, age: keyof typeof times) => ({
    refresh_token,
    obtained_at: times[age],
    refresh_token_rotated: false,
  });
  const setback = {
    at: 1,
    kind: 'unknown' as const,
    code: 'refresh-outcome-unknown' as const,
    message: '',
    until: 1,
    count: 1,
  };

  const cases: Record<string, [counts: Partial<RecordContent>, other: Partial<RecordContent>]> = {
    'newer tokens count': [{ tokens: passed('b', 'new') }, { tokens: passed('a', 'old') }],
    'a refresh token that the other one replaced does not count': [
      { tokens: passed('b', 'old'), former: [digest('a')] },
      { tokens: passed('a', 'new') },
    ],
    'a First Refresh Token that the other one used does not count': [
      { tokens: passed('b', 'old'), imported: [digest('a')] },
      { tokens: passed('a', 'new') },
    ],
    'a First Refresh Token does not count beside tokens that passed': [
      { tokens: passed('b', 'old') },
      { tokens: first('a', 'new') },
    ],
    'a First Refresh Token does not count beside refreshed tokens that did not pass': [
      {
        tokens: first('a', 'old'),
        imported: [digest('a')],
        refreshed: { tokens: passed('b', 'old') },
      },
      { tokens: first('a', 'new'), imported: [digest('a')] },
    ],
    'a refresh token that the other one refreshed without success does not count': [
      { tokens: passed('a', 'old'), refreshed: { tokens: passed('b', 'old') } },
      { tokens: passed('a', 'new') },
    ],
    'a refresh token that the other one sent without an answer does not count': [
      { tokens: first('a', 'old'), setback },
      { tokens: first('a', 'new') },
    ],
    'new tokens that did not pass do not count beside a First Refresh Token': [
      { tokens: first('a', 'old') },
      { renewed: { tokens: passed('b', 'new') } },
    ],
  };

  it.each(Object.keys(cases))('%s', async (name) => {
    const bank = await rotatingBank();
    const profile = await createProfile(bank.settings);
    const keys = encryptionKeys(encryptionKey, profile);
    const [counts, other] = cases[name]!.map((content, index) => ({
      ...newRecord(
        { profile, consent: 'c' },
        { grant: '', imported: [], ...content },
        index ? [keys[1]!] : keys,
      ),
      revision: 1,
      readAt: { at: 0, learnedAt: 0 },
    }));
    expect(newestFirst([counts!, other!], keys)[0]).toBe(counts);
    expect(newestFirst([other!, counts!], keys)[0]).toBe(counts);
  });
});
