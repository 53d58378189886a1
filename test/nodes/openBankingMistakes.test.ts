import type { INodeParameters } from 'n8n-workflow';
import { outputOf } from '../support/n8n/nodeExecution';
import { accountsOfConsents, byConsent, consents, one, shown } from './accountsOfConsents';

const at = accountsOfConsents({ household: { 'A-1': 5 }, office: { 'B-1': 3 } });

describe('a mistake in the node', () => {
  it.each<[string, INodeParameters, string, string]>([
    ['no consent', { consent: '={{ $json.none }}' }, 'input-missing', '"Consent" is empty'],
    ['a consent that is not stored', { consent: 'nobody' }, 'consent-unknown', 'nobody'],
    [
      'an empty access token',
      { authorizeWith: 'accessToken' },
      'input-missing',
      '"Access Token" is empty',
    ],
    [
      'no account',
      { consent: 'household', ...one('={{ $json.none }}') },
      'input-missing',
      '"Account" is empty',
    ],
    [
      'the text of an expression as account',
      { consent: 'household', ...one('{{ $json.account_id }}') },
      'field-malformed',
      '"Account" is the text of an expression',
    ],
    [
      'a limit of zero',
      { consent: 'household', returnAll: false, limit: 0 },
      'field-malformed',
      '"Limit" is not a whole number from 1 on',
    ],
    [
      'a limit that is no number',
      { consent: 'household', returnAll: false, limit: '={{ $json.none }}' },
      'field-malformed',
      '"Limit" is not',
    ],
    [
      'a switch that is neither on nor off',
      { consent: 'household', simplify: '={{ $json.none }}' },
      'input-missing',
      '"Simplify" is empty',
    ],
    [
      'From after To',
      { consent: 'household', from: '2026-03-31', to: '2026-03-01' },
      'dates-reversed',
      '2026-03-31',
    ],
    [
      'a From that is no date',
      { consent: 'household', from: 'last week' },
      'field-malformed',
      '"From" is not a date',
    ],
    [
      'an expression for From that yields no date',
      { consent: 'household', from: '={{ $json.none }}' },
      'input-missing',
      '"From" is empty',
    ],
    [
      'an unknown status',
      { consent: 'household', status: '={{ "open" }}' },
      'field-malformed',
      '"Status" has an unknown value',
    ],
  ])('is refused before anything is sent: %s', async (_, parameters, code, message) => {
    const { error } = await at.bank.run(parameters);
    expect(error).toMatchObject({ context: { code, itemIndex: 0 } });
    expect(error!.message).toContain(message);
    expect(at.bank.asked()).toEqual([]);
  });

  it('becomes an item with an error for the item that has it alone', async () => {
    const items = consents('nobody', '', 'office');
    const task = await at.bank.run(byConsent, { items, onError: 'continueRegularOutput' });
    expect(shown(outputOf(task))).toEqual([
      { id: 'consent-unknown', item: 0 },
      { id: 'input-missing', item: 1 },
      ...['B-1-1', 'B-1-2', 'B-1-3'].map((id) => ({ id, item: 2 })),
    ]);
  });

  it.each([
    [
      { resource: 'account', operation: 'commit', consent: 'c' },
      /^This version of the node does not know/,
    ],
    [{ resource: '__CUSTOM_API_CALL__' }, /^To make a custom API call, use the HTTP Request node/],
  ])('names the way if the operation is unknown: %j', async (parameters, message) => {
    const { error } = await at.bank.run(parameters);
    expect(error).toMatchObject({ name: 'NodeOperationError' });
    expect(error!.message).toMatch(message);
  });
});
