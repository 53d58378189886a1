import {
  anotherProcess,
  expired,
  passed,
  rotatingBank,
  tokensOf,
} from '../../support/stores/consents';
import { failureOf } from '../../support/failure';

describe('the encryption key', () => {
  const [one, two] = ['1'.repeat(32), '2'.repeat(40)];

  it('decrypts its own records; those of another key are unknown', async () => {
    const bank = await rotatingBank();
    await (
      await anotherProcess(bank, { settings: { encryptionKey: one } })
    ).keep('c', passed(tokensOf('at-1')));
    const wrong = await anotherProcess(bank, { settings: { encryptionKey: two } });
    expect(await failureOf(wrong.valid('c'))).toMatchObject({ code: 'consent-unknown' });
    await wrong.keep('c', passed(tokensOf('at-2')));
    expect((await wrong.valid('c')).tokens.access_token).toBe('at-2');
  });

  it('is changed by adding the new key before the old one', async () => {
    const bank = await rotatingBank({ expiresIn: 3600 });
    const first = await anotherProcess(bank, { settings: { encryptionKey: one } });
    await first.keep('c', passed(expired(bank, 'c')));
    const both = await anotherProcess(bank, { settings: { encryptionKey: `${two} ${one}` } });
    expect((await both.valid('c')).tokens.access_token).toBe('at-c-1');
    const second = await anotherProcess(bank, { settings: { encryptionKey: two } });
    expect((await second.valid('c')).tokens.access_token).toBe('at-c-1');
  });

  it('is named by the warnings for operators until all consents are encrypted with the first key', async () => {
    const bank = await rotatingBank();
    const first = await anotherProcess(bank, { settings: { encryptionKey: one } });
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const name of names) await first.keep(name, passed(expired(bank, name)));
    expect((await first.overview()).remarks).toEqual([]);
    const both = await anotherProcess(bank, { settings: { encryptionKey: `${two} ${one}` } });
    expect((await both.overview()).remarks).toEqual([
      expect.stringContaining('"a", "b", "c", "d", "e" and 2 more'),
    ]);
    for (const name of names) await both.valid(name);
    expect((await both.overview()).remarks).toEqual([]);
  });

  it('decrypts records from before the field was filled in', async () => {
    const bank = await rotatingBank();
    await (await anotherProcess(bank)).keep('c', passed(tokensOf('at-1')));
    const later = await anotherProcess(bank, { settings: { encryptionKey: one } });
    expect((await later.valid('c')).tokens.access_token).toBe('at-1');
  });

  it('fails with field-malformed if it is shorter than 32 characters', async () => {
    const bank = await rotatingBank();
    expect(
      await failureOf(anotherProcess(bank, { settings: { encryptionKey: 'secret' } })),
    ).toMatchObject({
      code: 'field-malformed',
    });
  });
});
