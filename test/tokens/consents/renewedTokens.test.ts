import { HOUR } from '../../support/clock';
import { away } from '../../support/stores/interference';
import { anotherProcess, contentIn, elsewhere, passed } from '../../support/stores/consents';
import { idTokenBank, refreshedIdToken, rotated, tokensFor } from '../../support/bank/tokenBank';
import { alex, exchanged, expected, failed, mallory, others } from './exchangedTokens';

describe('a consent that is renewed', () => {
  it.each([
    ['another customer', mallory, undefined],
    ['another issuer', { ...alex, iss: 'https://other.example' }, undefined],
    [
      'a subject that is the new consent ID, although the old one was a customer',
      mallory,
      'mallory',
    ],
  ])('fails with %s, and leaves the earlier tokens as they are', async (_, customer, consentId) => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: alex }), { consentId: 'old' });
    const { failedCheck } = await kept.keep('c', passed(others(), { customer }), { consentId });
    expect(failedCheck).toMatchObject({ code: 'id-token-subject', outcome: 'received' });
    expect(failedCheck!.description).toContain('"Accept Another Customer"');
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-0' });
    const { renewed } = (await contentIn(bank))!;
    expect(renewed).toMatchObject({ check: { code: 'id-token-subject' } });
    expect(renewed!.tokens).not.toHaveProperty('authorization');
  });

  it('hands out no tokens of another customer while the store is away', async () => {
    const bank = await idTokenBank();
    await (await anotherProcess(bank)).keep('c', passed(tokensFor(600), { customer: alex }));
    let isAway = true;
    const kept = await anotherProcess(bank, {
      interference: {
        find: (store, names) => (isAway ? Promise.reject(away()) : store.find(names)),
      },
    });
    const result = await kept.keep('c', passed(others(), { customer: mallory }));
    const meanwhile = await kept.valid('c').catch((error: unknown) => error);
    isAway = false;
    expect(result).toMatchObject({ isWaiting: true });
    expect(meanwhile).toMatchObject({ code: 'store-unavailable' });
    expect((await kept.valid('c')).tokens.access_token).toBe('at-0');
  });

  it('keeps its newer tokens if an older code is given again', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    const older = { ...tokensFor(600), obtained_at: new Date(Date.now() - HOUR).toISOString() };
    await kept.keep('c', passed(older));
    await kept.keep('c', passed(others()));
    const { remarks } = await kept.keep('c', passed(older, { isRepeated: true }));
    expect(remarks.join()).toContain('Newer tokens are stored');
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-new-1' });
    // A code that is given for the first time is newer, whatever the clocks say.
    await kept.keep('c', passed(older));
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-0' });
  });

  it('belongs to another customer from then on if that is accepted, with a remark', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: alex }));
    const accepted = { acceptAnotherCustomer: true };
    const result = await kept.keep('c', passed(others(), { customer: mallory }), accepted);
    expect(result).toEqual({
      remarks: [expect.stringContaining('belonged to another customer')],
      isOfAnotherCustomer: true,
    });
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-new-1' });
    bank.answerWith(rotated({ id_token: await refreshedIdToken({ claims: { sub: 'alex' } }) }));
    const { remarks } = await elsewhere(bank, { refreshNow: true });
    expect(remarks.join()).toContain('names another "sub"');
  });

  it('may have the consent ID as its subject, if the subject was the consent ID before', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    const of = (sub: string) => ({ customer: { ...alex, sub } });
    await kept.keep('c', passed(tokensFor(600), of('one')), { consentId: 'one' });
    const result = await kept.keep('c', passed(others(), of('two')), { consentId: 'two' });
    expect(result).toEqual({
      remarks: ['The tokens of the bank\'s consent "one" were replaced by those of "two".'],
    });
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-new-1' });
  });

  it('may bring another audience, authorized party and time of log-in', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: { ...alex, auth_time: 1 } }));
    const customer = { ...alex, aud: ['client-1', 'b'], azp: 'client-1', auth_time: 2 };
    expect(await kept.keep('c', passed(others(), { customer }))).toEqual({ remarks: [] });
    expect((await contentIn(bank))!.customer).toEqual(customer);
  });

  it('warns if neither an ID token nor the ID of a consent says whose tokens are replaced', async () => {
    const kept = await anotherProcess(await idTokenBank());
    const unknown = [expect.stringContaining('no ID token says whether')];
    expect(await kept.keep('c', passed(tokensFor(600)))).toEqual({ remarks: [] });
    expect(await kept.keep('c', passed(others()))).toEqual({ remarks: unknown });
    const { remarks } = await kept.keep('c', passed(others(2), { customer: alex }));
    expect(remarks).toEqual(unknown);
    expect(await kept.keep('c', passed(others(3), { customer: alex }))).toEqual({ remarks: [] });
  });

  it('remembers the earlier customer if it brings no ID token', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: alex }));
    await kept.keep('c', passed(others()));
    const { failedCheck } = await kept.keep('c', passed(others(2), { customer: mallory }));
    expect(failedCheck).toMatchObject({ code: 'id-token-subject' });
  });

  it('is compared with the customer also when its check passes later', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: mallory }));
    const tokens = await exchanged();
    await kept.receive('c', tokens, expected);
    await kept.keep('c', failed(tokens));
    const { token, remarks } = await elsewhere(bank);
    expect(token).toBe('at-0');
    expect(remarks.join()).toContain('names another customer');
  });
});
