import { bankJwk, halfHash, jwk, now, otherKey } from '../../support/bank/idTokens';
import { json, raw } from '../../support/bank/scriptedBank';
import { HOUR, later, MINUTE, SECOND } from '../../support/clock';
import { privateKeyOf } from '../../support/keys/certificates';
import { CODE, good, tokenCheckBank } from './tokenCheckBank';

const bank = tokenCheckBank();
const { again, answerWith, clientWith, exchange, expectFailed, expectPassed, requestsTo } = bank;

describe('tokens that are checked again', () => {
  it('pass after the keys can be fetched again', async () => {
    bank.server.answers['/jwks'] = raw(503, '');
    answerWith(await good());
    const received = await exchange();
    await expectFailed(received, 'jwks-unusable');
    bank.server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
    await expectPassed(await again(received));
  });

  it('pass with a corrected credential', async () => {
    answerWith(await good());
    const received = await exchange({}, await clientWith({ idTokenAlgorithm: 'ES256' }));
    expect(received.failedCheck).toMatchObject({ code: 'jwt-algorithm' });
    expect((await again(received)).tokens).toHaveProperty('authorization');
  });

  it('are judged as of the moment at which they came', async () => {
    answerWith(await good({ claims: { auth_time: now() } }));
    bank.server.answers['/jwks'] = raw(503, '');
    const received = await exchange({ maxAge: 60 });
    bank.server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
    later(24 * HOUR);
    expect((await again(received)).failedCheck).toBeUndefined();
  });

  it('send no token request', async () => {
    answerWith(await good());
    const received = await exchange();
    const sent = () => requestsTo('/token').length;
    const before = sent();
    await again(received);
    expect(sent()).toBe(before);
  });

  it('do not keep an "authorization" that was stored with them', async () => {
    answerWith(await good({ key: otherKey }));
    const { tokens, expected } = await exchange();
    const stored = { ...tokens, authorization: 'Bearer of-the-bank' };
    const { tokens: checked } = await (await clientWith()).checkAgain(stored, expected);
    expect(checked).not.toHaveProperty('authorization');
  });

  it('pass a minute after the bank signed with a second new key', async () => {
    const client = await clientWith();
    const [first, second] = [privateKeyOf('rsa'), otherKey];
    await client.ensureKeys();
    bank.server.answers['/jwks'] = json(200, { keys: [await jwk(first, 'new-1')] });
    answerWith(await good({ key: first, header: { kid: 'new-1' } }));
    await expectPassed(await exchange({}, client));
    later(20 * SECOND);
    bank.server.answers['/jwks'] = json(200, { keys: [await jwk(second, 'new-2')] });
    const code = `${CODE}-2`;
    const claims = { c_hash: halfHash(code) };
    answerWith(await good({ claims, key: second, header: { kid: 'new-2' } }));
    const received = await exchange({ code }, client);
    expect(received.failedCheck).toMatchObject({ code: 'jwt-signature' });
    later(MINUTE);
    expect((await again(received, client)).failedCheck).toBeUndefined();
  });

  it.each([
    ['the same key ID', { kid: 'bank-1' }],
    ['no key ID', { kid: undefined as unknown as string }],
  ])('pass a minute after the bank signed with a new key with %s', async (_, header) => {
    const client = await clientWith();
    await client.ensureKeys();
    bank.server.answers['/jwks'] = json(200, { keys: [await jwk(otherKey, 'bank-1')] });
    answerWith(await good({ key: otherKey, header }));
    const received = await exchange({}, client);
    expect(received.failedCheck).toMatchObject({ code: 'jwt-signature' });
    later(MINUTE + SECOND);
    expect((await again(received, client)).failedCheck).toBeUndefined();
  });

  it('fetch the keys at most once a minute for forged signatures', async () => {
    const client = await clientWith();
    await client.ensureKeys();
    answerWith(await good({ key: otherKey }));
    const received = await exchange({}, client);
    const fetched = () => requestsTo('/jwks').length;
    later(2 * MINUTE);
    const before = fetched();
    for (let time = 0; time < 10; time++) await again(received, client);
    expect(fetched() - before).toBe(1);
  });
});
