import { createClient } from '../../../core/oauth/client';
import type { TokenSet } from '../../../core/oauth/grants/tokenSet';
import { encryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { newRecord } from '../../../core/tokens/records/record';
import { grantOf } from '../../../core/tokens/records/recordContent';
import type { TokenStore } from '../../../core/store/store';
import { later, SECOND } from '../../support/clock';
import { anotherProcess } from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { idToken } from '../../support/bank/idTokens';
import {
  idTokenBank,
  refreshedIdToken,
  rotated,
  tokensFor,
  type TokenBank,
} from '../../support/bank/tokenBank';

/** Stores content as the version before wrote it. */
async function storedBefore(bank: TokenBank, content: object): Promise<void> {
  const { profile } = await createClient(bank.settings);
  const keys = encryptionKeys('', profile);
  const former = { imported: [], ...content } as never;
  let store: TokenStore | undefined;
  const kept = await anotherProcess(bank, {
    interference: { assertWritable: (real) => Promise.resolve(void (store = real)) },
  });
  await kept.assertWritable();
  await store!.replace(newRecord({ profile, consent: 'c' }, former, keys));
}

const at = (milliseconds = 0) => new Date(Date.now() + milliseconds).toISOString();
const withheld = (id_token: string, changes: Partial<TokenSet> = {}): TokenSet =>
  tokensFor(600, { id_token, authorization: undefined, obtained_at: at(), ...changes });

describe('a record of the version before', () => {
  it('is used if its tokens passed', async () => {
    const bank = await idTokenBank();
    const tokens = tokensFor(600);
    await storedBefore(bank, { tokens, grant: grantOf(tokens) });
    const kept = await anotherProcess(bank);
    expect((await kept.valid('c')).tokens.access_token).toBe('at-0');
    expect((await kept.list())[0]).toMatchObject({ state: 'valid' });
  });

  it('has the customer of its ID token', async () => {
    const bank = await idTokenBank();
    const tokens = tokensFor(-1, { id_token: await idToken() });
    await storedBefore(bank, { tokens, grant: grantOf(tokens) });
    // The first refresh brings no ID token.
    bank.answerWith(rotated({ expires_in: 1 }));
    const kept = await anotherProcess(bank);
    await kept.valid('c');
    later(2 * SECOND);
    const id_token = await refreshedIdToken({ claims: { sub: 'mallory' } });
    bank.answerWith(rotated({ id_token }));
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'id-token-subject' });
  });

  it.each([
    ['whose check failed', { failedCheck: { code: 'jwks-unusable', message: 'not fetched' } }],
    ['that were not checked', {}],
  ])('has received tokens of a refresh %s: they pass once they are checked', async (_, check) => {
    const bank = await idTokenBank();
    const tokens = withheld(await refreshedIdToken(), { refresh_token_rotated: true });
    await storedBefore(bank, { tokens, grant: 'of the first tokens', ...check });
    const kept = await anotherProcess(bank);
    expect((await kept.list())[0]).toMatchObject({ state: 'check failed' });
    expect((await kept.valid('c')).tokens).toMatchObject({ authorization: 'Bearer at-0' });
    expect(bank.sent).toEqual([]);
  });

  it('has received tokens of a refresh that do not pass: they are not refreshed', async () => {
    const bank = await idTokenBank();
    const id_token = await refreshedIdToken({ claims: { aud: 'another' } });
    const tokens = withheld(id_token, { refresh_token_rotated: true });
    await storedBefore(bank, { tokens, grant: 'of the first tokens' });
    const kept = await anotherProcess(bank);
    for (const options of [{}, { tryAgain: true }]) {
      expect(await failureOf(kept.valid('c', options))).toMatchObject({ code: 'jwt-audience' });
    }
    expect(bank.sent).toEqual([]);
  });

  it('has received tokens of an exchange: they never pass, because the nonce is not known', async () => {
    const bank = await idTokenBank();
    const tokens = withheld(await refreshedIdToken({ claims: { nonce: 'of another request' } }));
    await storedBefore(bank, { tokens, grant: grantOf(tokens) });
    const kept = await anotherProcess(bank);
    for (const options of [{}, { tryAgain: true }, { refreshNow: true }]) {
      expect(await failureOf(kept.valid('c', options))).toMatchObject({
        code: 'id-token-binding',
        message: expect.stringContaining('version of this package') as string,
      });
    }
    expect(bank.sent).toEqual([]);
  });

  it('that begins with a first refresh token is refreshed', async () => {
    const bank = await idTokenBank();
    const tokens = { refresh_token: 'rt', obtained_at: at(), expires_at: at(-SECOND) };
    await storedBefore(bank, { tokens, grant: 'g', imported: ['g'] });
    const kept = await anotherProcess(bank);
    expect((await kept.valid('c')).tokens.access_token).toMatch(/^at-/);
    expect(bank.sent).toEqual(['rt']);
  });
});
