import { json, raw, type Answer } from '../support/bank/scriptedBank';
import { consentsOfTokenBank, itemOf } from './consentsOfTokenBank';

const at = consentsOfTokenBank();

describe('Revoke of a consent', () => {
  const revoke = () => at.run('revoke', { consent: 'household' });
  const hints = () => at.seen.map(({ form }) => [form.get('token_type_hint'), form.get('token')]);
  const isStored = async () =>
    (await (await at.stored()).list()).some(({ consent }) => consent === 'household');
  /** Answers the revocation of each kind of token. */
  const answers =
    (answersByHint: Record<string, Answer>): Answer =>
    (response, request, form) =>
      answersByHint[form.get('token_type_hint')!]!(response, request, form);

  const ok = raw(200, '');
  const refused = json(401, { error: 'invalid_client' });

  beforeEach(async () => {
    await at.storeHousehold();
  });

  it('ends the refresh token and the access token at the bank, and then forgets the consent', async () => {
    at.answerWith(ok);
    expect(itemOf(await revoke())).toEqual({ revoked: true, consent: 'household' });
    expect(hints()).toEqual([
      ['refresh_token', 'rt'],
      ['access_token', 'at-0'],
    ]);
    expect(at.seen.every(({ url }) => url === '/revoke')).toBe(true);
    expect(await isStored()).toBe(false);
  });

  it.each(['invalid_token', 'invalid_grant'])(
    'counts a token as ended that the bank does not know (%s)',
    async (error) => {
      at.answerWith(json(400, { error }));
      expect(itemOf(await revoke())).toEqual({ revoked: true, consent: 'household' });
      expect(hints()).toHaveLength(2);
      expect(await isStored()).toBe(false);
    },
  );

  it.each([
    [
      'the access token',
      { refresh_token: ok, access_token: json(400, { error: 'unsupported_token_type' }) },
      /^The access token could not be ended, and the refresh token was: .*unsupported_token_type/,
    ],
    [
      'the refresh token',
      { refresh_token: refused, access_token: ok },
      /^The refresh token could not be ended, and the access token was: .*invalid_client/,
    ],
    [
      'both tokens',
      { refresh_token: refused, access_token: refused },
      /^The refresh token and the access token could not be ended: .*invalid_client/,
    ],
  ])(
    'forgets nothing if the bank refuses to end %s, and says which',
    async (_name, given, words) => {
      at.answerWith(answers(given));
      expect((await revoke()).error).toMatchObject({
        message: expect.stringMatching(words),
        description: expect.stringContaining('The consent is still stored'),
      });
      expect(hints()).toHaveLength(2);
      expect(await isStored()).toBe(true);
      at.answerWith(ok);
      itemOf(await revoke());
      expect(await isStored()).toBe(false);
    },
  );

  it('does not try the access token if no answer came about the refresh token', async () => {
    at.answerWith((response) => void response.socket!.destroy());
    expect((await revoke()).error).toMatchObject({
      message: expect.stringMatching(/^The refresh token and the access token could not be ended/),
    });
    expect(hints()).toEqual([['refresh_token', 'rt']]);
    expect(await isStored()).toBe(true);
  });

  it('asks the bank nothing with Only Forget', async () => {
    at.answerWith(ok);
    const task = await at.run('revoke', { consent: 'household', options: { onlyForget: true } });
    expect(itemOf(task)).toEqual({ consent: 'household', forgotten: true });
    expect(at.seen).toEqual([]);
  });

  it.each(['={{ undefined }}', '={{ null }}', '={{ "true" }}'])(
    'does nothing if Only Forget is %s',
    async (onlyForget) => {
      at.answerWith(ok);
      const task = await at.run('revoke', { consent: 'household', options: { onlyForget } });
      expect(task.error).toMatchObject({ context: { code: 'input-missing' } });
      expect(at.seen).toEqual([]);
      expect(await isStored()).toBe(true);
    },
  );
});
