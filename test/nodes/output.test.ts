import { outputOf } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import {
  json,
  startScriptedBank,
  TOKENS,
  type Run,
  type ScriptedBank,
} from '../support/bank/scriptedBank';

let bank: ScriptedBank;
ownUserFolder();

beforeAll(async () => {
  bank = await startScriptedBank();
});
afterAll(async () => {
  await bank.close();
});

const LONG = { ...TOKENS, refresh_token: 'rt-2', scope: 'accounts', extra: 1 };

/** The output item for an answer of the bank. */
async function itemOf(run: Run, answer: object = LONG) {
  bank.answerWith(json(200, answer));
  const task = await bank.run(run);
  if (task.error) throw task.error as Error;
  return outputOf(task)[0]!.json;
}

describe('the output Everything', () => {
  it.each<[NonNullable<Run['operation']>, string, string[], string[]]>([
    ['exchange', 'household', ['authorization', 'consent'], ['access_token', 'refresh_token']],
    ['refresh', 'household', ['authorization', 'consent'], ['access_token', 'refresh_token']],
    ['refresh', '', ['authorization'], ['access_token', 'refresh_token']],
    ['application', '', ['authorization'], ['access_token', 'refresh_token']],
  ])(
    'of %s (stored as "%s") begins with the useful fields and ends with the long ones',
    async (operation, consent, first, last) => {
      const options = consent ? { keepForConsent: consent } : {};
      const item = await itemOf({ operation, options });
      expect(Object.keys(item)).toEqual([
        ...first,
        ...['expires_at', 'obtained_at', 'refresh_token_rotated'],
        ...['token_type', 'scope', 'expires_in', 'extra'],
        ...last,
      ]);
    },
  );

  it('has the consent that the tokens are stored for, and not a field of the answer', async () => {
    const options = { keepForConsent: 'household' };
    const item = await itemOf({ operation: 'refresh', options }, { ...LONG, consent: 'other' });
    expect(item.consent).toBe('household');
  });
});

describe('authorization_details', () => {
  const granted = [{ type: 'accounts', actions: ['read'] }];
  const refreshed = (refreshToken: string, answer = {}) =>
    itemOf(
      {
        operation: 'refresh',
        items: [{ refresh_token: 'rt-details', authorization_details: granted }],
        parameters: { refreshToken },
      },
      { ...LONG, ...answer },
    );

  it.each(['everything', 'header', 'consent'])(
    'are in the output "%s" of an exchange',
    async (output) => {
      const options = { output, keepForConsent: `details in ${output}` };
      const answer = { ...LONG, authorization_details: granted };
      const item = await itemOf({ operation: 'exchange', options }, answer);
      expect(item.authorization_details).toEqual(granted);
    },
  );

  it('stay through a refresh of the tokens of the item, if the bank does not say them again', async () => {
    const given = '={{ $json.refresh_token }}';
    expect((await refreshed(given)).authorization_details).toEqual(granted);
    const said = { authorization_details: [{ type: 'other' }] };
    expect((await refreshed(given, said)).authorization_details).toEqual([{ type: 'other' }]);
  });

  it('of the item do not go on to other tokens', async () => {
    expect(await refreshed('another-token')).not.toHaveProperty('authorization_details');
  });
});

describe.each(['exchange', 'refresh'] as const)('%s with a smaller output', (operation) => {
  const less = (output: string, keepForConsent?: string) =>
    itemOf({
      operation,
      options: { output, ...(keepForConsent !== undefined && { keepForConsent }) },
    });

  it.each([
    ['header', ['authorization', 'consent', 'expires_at']],
    ['consent', ['consent', 'expires_at']],
  ])('returns only the fields of "%s"', async (output, fields) => {
    expect(Object.keys(await less(output, 'household'))).toEqual(fields);
  });

  it.each(['header', 'consent'])('refuses "%s" if the tokens are not stored', async (output) => {
    await expect(less(output)).rejects.toMatchObject({
      name: 'NodeOperationError',
      message: '"Output" leaves the refresh token out, and the tokens are not stored',
      context: { code: 'field-malformed' },
    });
    expect(bank.requests).toEqual([]);
  });

  it('refuses an unknown value of "Output"', async () => {
    await expect(less('none', 'household')).rejects.toMatchObject({
      context: { code: 'field-malformed' },
    });
    expect(bank.requests).toEqual([]);
  });
});

it('allows Header Only for an application token that is not stored', async () => {
  const item = await itemOf({ operation: 'application', options: { output: 'header' } });
  expect(Object.keys(item)).toEqual(['authorization', 'expires_at']);
});

describe.each(['exchange', 'refresh'] as const)(
  '%s with an empty "Keep for Consent"',
  (operation) => {
    it.each(['', ' ', '={{ $json.none }}', '={{ null }}', '={{ {} }}'])(
      'fails and sends nothing if the value is %j, because the tokens would not be stored',
      async (keepForConsent) => {
        await expect(itemOf({ operation, options: { keepForConsent } })).rejects.toMatchObject({
          message: '"Keep for Consent" is empty',
          context: { code: 'input-missing' },
        });
        expect(bank.requests).toEqual([]);
      },
    );
  },
);
