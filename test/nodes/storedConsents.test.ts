import type { IDataObject, INode, INodeParameters, ITaskData } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import { openConsentTokens } from '../../core/tokens/openStores';
import { passed } from '../support/stores/consents';
import { bankJwk, idToken, type Forgery } from '../support/bank/idTokens';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import { json, raw, TOKENS, type Answer } from '../support/bank/scriptedBank';
import {
  invalidGrant,
  rotated,
  tokenBank,
  tokensFor,
  type TokenBank,
} from '../support/bank/tokenBank';

ownUserFolder();

/** Another client in each test, so that no test finds the tokens of another one. */
let clients = 0;
let bank: TokenBank;
let credential: IDataObject;
/** The requests at the bank besides those for its keys. */
let seen: { url: string; form: URLSearchParams }[];

beforeEach(async () => {
  bank = await tokenBank();
  const { tokenEndpoint } = bank.settings;
  credential = {
    ...bank.settings,
    clientId: `client-of-stored-${++clients}`,
    revocationEndpoint: tokenEndpoint!.replace('/token', '/revoke'),
    scope: 'openid accounts',
  };
  bank.keys = [await bankJwk()];
  seen = [];
});

function answerWith(answer: Answer): void {
  bank.answerWith((response, request, form) => {
    seen.push({ url: request.url, form });
    answer(response, request, form);
  });
}

/** Runs the node for these items. */
function run(
  operation: string,
  parameters: INodeParameters,
  items: IDataObject[] = [{}],
  onError?: INode['onError'],
): Promise<ITaskData> {
  const all = { resource: 'token', operation, ...parameters };
  return runNode({ credential, items, parameters: all, onError });
}

const stored = async () => openConsentTokens(await clientOf(credential), {});

const hintsOf = (task: ITaskData) => task.hints?.map(({ message }) => message) ?? [];

/** The JSON of the only item. */
function itemOf(task: ITaskData): IDataObject {
  if (task.error) throw task.error as Error;
  return outputOf(task)[0]!.json;
}

/** Answers a code with tokens of this customer. */
const tokensOfCustomer =
  (forgery: Forgery): Answer =>
  (response, request, form) => {
    const code = form.get('code')!;
    const own = { aud: credential.clientId as string, nonce: undefined, at_hash: undefined };
    void idToken({ ...forgery, claims: { ...own, ...forgery.claims } }).then((id_token) =>
      json(200, { ...TOKENS, access_token: `at-${code}`, refresh_token: `rt-${code}`, id_token })(
        response,
        request,
        form,
      ),
    );
  };

let codes = 0;
const newCode = () => `code-${++codes}`;

describe('Get Stored Token', () => {
  const valid = (options: INodeParameters) => run('valid', { consent: 'household', options });

  it('refreshes a fresh token with Refresh Now', async () => {
    await (await stored()).keep('household', passed(tokensFor(3600)));
    answerWith(rotated());
    expect(itemOf(await valid({}))).toMatchObject({ access_token: 'at-0' });
    expect(itemOf(await valid({ refreshNow: false }))).toMatchObject({ access_token: 'at-0' });
    expect(bank.sent).toEqual([]);
    const refreshed = itemOf(await valid({ refreshNow: true }));
    expect(refreshed.access_token).not.toBe('at-0');
    expect(bank.sent).toEqual(['rt']);
  });

  it('asks the bank once more with Try Once More after a refusal', async () => {
    await (await stored()).keep('household', passed(tokensFor(-1)));
    answerWith(invalidGrant);
    for (let count = 0; count < 2; count++) {
      expect((await valid({})).error).toMatchObject({ context: { code: expect.any(String) } });
    }
    expect(bank.sent).toEqual(['rt']);
    answerWith(rotated());
    expect((await valid({ tryAgain: false })).error).toBeDefined();
    expect(bank.sent).toEqual(['rt']);
    expect(itemOf(await valid({ tryAgain: true }))).toHaveProperty('authorization');
    expect(bank.sent).toEqual(['rt', 'rt']);
    expect(itemOf(await valid({}))).toHaveProperty('authorization');
  });

  it('has the consent ID of the bank', async () => {
    await (await stored()).keep('household', passed(tokensFor(3600)), { consentId: 'c-1' });
    expect(itemOf(await valid({}))).toMatchObject({ consent: 'household', consent_id: 'c-1' });
    expect(Object.keys(itemOf(await valid({ output: 'consent' })))).toEqual([
      ...['consent', 'consent_id', 'expires_at'],
    ]);
  });

  it.each(['valid', 'list'])(
    'warns if the credential still has a First Refresh Token (%s)',
    async (operation) => {
      await (await stored()).keep('household', passed(tokensFor(3600)));
      credential = {
        ...credential,
        ...{ authorizeWith: 'consent', consent: ' household ', firstRefreshToken: 'rt-first' },
      };
      const [hint] = hintsOf(await run(operation, { consent: 'household' }));
      expect(hint).toMatch(/still has a "First Refresh Token".*empty the field/);
      credential = { ...credential, consent: 'another' };
      expect(hintsOf(await run(operation, { consent: 'household' }))).toEqual([]);
    },
  );
});

describe('Refresh of a refresh token that is stored', () => {
  it('does not send it if it was replaced since, and returns the stored tokens', async () => {
    await (await stored()).keep('household', passed(tokensFor(3600)));
    answerWith(rotated());
    const first = itemOf(await run('refresh', { refreshToken: 'rt' }));
    const task = await run('refresh', { refreshToken: 'rt' });
    expect(itemOf(task)).toMatchObject({
      consent: 'household',
      access_token: first.access_token,
      refresh_token: first.refresh_token,
    });
    expect(bank.sent).toEqual(['rt']);
    expect(hintsOf(task).join()).toContain('was replaced since');
  });

  it('sends nothing if Keep for Consent names another consent', async () => {
    await (await stored()).keep('household', passed(tokensFor(3600)));
    const options = { keepForConsent: 'other' };
    const { error } = await run('refresh', { refreshToken: 'rt', options });
    expect(error).toMatchObject({ context: { code: 'consent-malformed' } });
    expect(bank.sent).toEqual([]);
  });

  it('leaves the refresh token out if Output says so', async () => {
    await (await stored()).keep('household', passed(tokensFor(3600)));
    answerWith(rotated());
    const options = { output: 'header' };
    const item = itemOf(await run('refresh', { refreshToken: 'rt', options }));
    expect(Object.keys(item)).toEqual(['authorization', 'consent', 'expires_at']);
  });
});

describe('Exchange for a consent whose tokens are stored', () => {
  const exchange = (options: INodeParameters = {}, onError?: INode['onError']) =>
    run(
      'exchange',
      { code: newCode(), options: { keepForConsent: 'household', ...options } },
      [{}],
      onError,
    );
  const accessToken = async () => itemOf(await run('valid', { consent: 'household' })).access_token;

  it('replaces them if the same customer consents again', async () => {
    answerWith(tokensOfCustomer({}));
    await exchange();
    const { access_token: renewed } = itemOf(await exchange());
    expect(await accessToken()).toBe(renewed);
  });

  it('fails and leaves them as they were if another customer consents', async () => {
    answerWith(tokensOfCustomer({}));
    const { access_token: former } = itemOf(await exchange());
    answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
    expect((await exchange()).error).toMatchObject({
      message: expect.stringContaining('another customer'),
      description: expect.stringContaining('Accept Another Customer'),
      context: { code: 'id-token-subject' },
    });
    expect(await accessToken()).toBe(former);
  });

  it('puts the tokens of another customer out on the error output, without authorization', async () => {
    answerWith(tokensOfCustomer({}));
    await exchange();
    answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
    const task = await exchange({}, 'continueErrorOutput');
    expect(outputOf(task)).toEqual([]);
    const [{ json: item }] = outputOf(task, 1) as [{ json: IDataObject }];
    expect(item).toMatchObject({
      error: { code: 'id-token-subject' },
      refresh_token: `rt-code-${codes}`,
    });
    expect(item).not.toHaveProperty('authorization');
  });

  it('replaces them by those of another customer with Accept Another Customer, and warns', async () => {
    answerWith(tokensOfCustomer({}));
    await exchange();
    answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
    const task = await exchange({ acceptAnotherCustomer: true });
    expect(await accessToken()).toBe(itemOf(task).access_token);
    expect(hintsOf(task).join()).toContain('another customer');
  });

  it('deletes the position with the tokens of the former customer, and not in a renewal', async () => {
    const sync = openSyncMemory(await clientOf(credential), {});
    answerWith(tokensOfCustomer({}));
    await exchange();
    await sync.markProcessed('ledger', 'household', 'A-1', ['T-1']);
    await exchange();
    expect((await sync.ofConsent('household')).accounts.size).toBe(1);
    answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
    await exchange({ acceptAnotherCustomer: true });
    expect((await sync.ofConsent('household')).accounts.size).toBe(0);
  });

  it('returns no token with Output: Consent Only if it warns about the tokens before', async () => {
    answerWith(tokensOfCustomer({}));
    await exchange();
    answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
    const task = await exchange({ acceptAnotherCustomer: true, output: 'consent' });
    expect(Object.keys(itemOf(task))).toEqual(['consent', 'expires_at']);
    expect(hintsOf(task)).toHaveLength(2);
  });

  it('warns if two items of a run store different tokens under one name', async () => {
    answerWith(tokensOfCustomer({}));
    const options = { keepForConsent: '={{ $json.name }}', concurrency: 1 };
    const items = ['one', 'household', 'household'].map((name) => ({ name, code: newCode() }));
    const task = await run('exchange', { code: '={{ $json.code }}', options }, items);
    expect(outputOf(task)).toHaveLength(3);
    expect(hintsOf(task)).toEqual([
      expect.stringMatching(/^Items 1, 2 stored their tokens under one name, "household"/),
    ]);
  });
});

describe('Revoke of a consent', () => {
  const revoke = () => run('revoke', { consent: 'household' });
  const hints = () => seen.map(({ form }) => [form.get('token_type_hint'), form.get('token')]);
  const isStored = async () =>
    (await (await stored()).list()).some(({ consent }) => consent === 'household');
  /** Answers the revocation of each kind of token. */
  const answers =
    (answersByHint: Record<string, Answer>): Answer =>
    (response, request, form) =>
      answersByHint[form.get('token_type_hint')!]!(response, request, form);

  const ok = raw(200, '');
  const refused = json(401, { error: 'invalid_client' });

  beforeEach(async () => {
    await (await stored()).keep('household', passed(tokensFor(3600)));
  });

  it('ends the refresh token and the access token at the bank, and then forgets the consent', async () => {
    answerWith(ok);
    expect(itemOf(await revoke())).toEqual({ revoked: true, consent: 'household' });
    expect(hints()).toEqual([
      ['refresh_token', 'rt'],
      ['access_token', 'at-0'],
    ]);
    expect(seen.every(({ url }) => url === '/revoke')).toBe(true);
    expect(await isStored()).toBe(false);
  });

  it.each(['invalid_token', 'invalid_grant'])(
    'counts a token as ended that the bank does not know (%s)',
    async (error) => {
      answerWith(json(400, { error }));
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
      answerWith(answers(given));
      expect((await revoke()).error).toMatchObject({
        message: expect.stringMatching(words),
        description: expect.stringContaining('The consent is still stored'),
      });
      expect(hints()).toHaveLength(2);
      expect(await isStored()).toBe(true);
      answerWith(ok);
      itemOf(await revoke());
      expect(await isStored()).toBe(false);
    },
  );

  it('does not try the access token if no answer came about the refresh token', async () => {
    answerWith((response) => void response.socket!.destroy());
    expect((await revoke()).error).toMatchObject({
      message: expect.stringMatching(/^The refresh token and the access token could not be ended/),
    });
    expect(hints()).toEqual([['refresh_token', 'rt']]);
    expect(await isStored()).toBe(true);
  });

  it('asks the bank nothing with Only Forget', async () => {
    answerWith(ok);
    const task = await run('revoke', { consent: 'household', options: { onlyForget: true } });
    expect(itemOf(task)).toEqual({ consent: 'household', forgotten: true });
    expect(seen).toEqual([]);
  });

  it.each(['={{ undefined }}', '={{ null }}', '={{ "true" }}'])(
    'does nothing if Only Forget is %s',
    async (onlyForget) => {
      answerWith(ok);
      const task = await run('revoke', { consent: 'household', options: { onlyForget } });
      expect(task.error).toMatchObject({ context: { code: 'input-missing' } });
      expect(seen).toEqual([]);
      expect(await isStored()).toBe(true);
    },
  );
});
