import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import { openSyncMemory } from '../../core/sync/openSyncMemory';
import { idToken, type Forgery } from '../support/bank/idTokens';
import { json, TOKENS, type Answer } from '../support/bank/scriptedBank';
import { outputOf } from '../support/n8n/nodeExecution';
import { consentsOfTokenBank, hintsOf, itemOf } from './consentsOfTokenBank';

const at = consentsOfTokenBank();

/** Answers a code with tokens of this customer. */
const tokensOfCustomer =
  (forgery: Forgery): Answer =>
  (response, request, form) => {
    const code = form.get('code')!;
    const own = { aud: at.credential.clientId as string, nonce: undefined, at_hash: undefined };
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

describe('Exchange for a consent whose tokens are stored', () => {
  const exchange = (options: INodeParameters = {}, onError?: INode['onError']) =>
    at.run(
      'exchange',
      { code: newCode(), options: { keepForConsent: 'household', ...options } },
      [{}],
      onError,
    );
  const accessToken = async () =>
    itemOf(await at.run('valid', { consent: 'household' })).access_token;

  it('replaces them if the same customer consents again', async () => {
    at.answerWith(tokensOfCustomer({}));
    await exchange();
    const { access_token: renewed } = itemOf(await exchange());
    expect(await accessToken()).toBe(renewed);
  });

  it('fails and leaves them as they were if another customer consents', async () => {
    at.answerWith(tokensOfCustomer({}));
    const { access_token: former } = itemOf(await exchange());
    at.answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
    expect((await exchange()).error).toMatchObject({
      message: expect.stringContaining('another customer'),
      description: expect.stringContaining('Accept Another Customer'),
      context: { code: 'id-token-subject' },
    });
    expect(await accessToken()).toBe(former);
  });

  it('puts the tokens of another customer out on the error output, without authorization', async () => {
    at.answerWith(tokensOfCustomer({}));
    await exchange();
    at.answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
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
    at.answerWith(tokensOfCustomer({}));
    await exchange();
    at.answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
    const task = await exchange({ acceptAnotherCustomer: true });
    expect(await accessToken()).toBe(itemOf(task).access_token);
    expect(hintsOf(task).join()).toContain('another customer');
  });

  it('deletes the position with the tokens of the former customer, and not in a renewal', async () => {
    const sync = openSyncMemory(await clientOf(at.credential), {});
    at.answerWith(tokensOfCustomer({}));
    await exchange();
    await sync.markProcessed('ledger', 'household', 'A-1', ['T-1']);
    await exchange();
    expect((await sync.ofConsent('household')).accounts.size).toBe(1);
    at.answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
    await exchange({ acceptAnotherCustomer: true });
    expect((await sync.ofConsent('household')).accounts.size).toBe(0);
  });

  it('returns no token with Output: Consent Only if it warns about the tokens before', async () => {
    at.answerWith(tokensOfCustomer({}));
    await exchange();
    at.answerWith(tokensOfCustomer({ claims: { sub: 'robin' } }));
    const task = await exchange({ acceptAnotherCustomer: true, output: 'consent' });
    expect(Object.keys(itemOf(task))).toEqual(['consent', 'expires_at']);
    expect(hintsOf(task)).toHaveLength(2);
  });

  it('warns if two items of a run store different tokens under one name', async () => {
    at.answerWith(tokensOfCustomer({}));
    const options = { keepForConsent: '={{ $json.name }}', concurrency: 1 };
    const items = ['one', 'household', 'household'].map((name) => ({ name, code: newCode() }));
    const task = await at.run('exchange', { code: '={{ $json.code }}', options }, items);
    expect(outputOf(task)).toHaveLength(3);
    expect(hintsOf(task)).toEqual([
      expect.stringMatching(/^Items 1, 2 stored their tokens under one name, "household"/),
    ]);
  });
});
