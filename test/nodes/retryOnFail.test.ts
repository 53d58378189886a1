import type { INode, INodeExecutionData } from 'n8n-workflow';
import { json, startScriptedBank, TOKENS, type ScriptedBank } from '../support/bank/scriptedBank';
import { outputOf } from '../support/n8n/nodeExecution';
import { until } from '../support/waiting';

let bank: ScriptedBank;
beforeAll(async () => {
  bank = await startScriptedBank();
});
afterAll(() => bank.close());

/**
 * Refuses what begins with "bad", and answers with new tokens otherwise.
 *
 * @param together requests that have to be sent before the bank answers the first one
 */
function answerByName(together = 1): void {
  bank.answerWith((response, request, form) => {
    const given = form.get('code') ?? form.get('refresh_token')!;
    const answer = given.startsWith('bad')
      ? json(400, { error: 'invalid_grant' })
      : json(200, { ...TOKENS, refresh_token: `next-of-${given}` });
    void until(() => bank.requests.length >= together).then(() => answer(response, request, form));
  });
}

const itemsOf = (...names: string[]) => names.map((name) => ({ code: name, refresh_token: name }));

/** The refresh token, or the error code, of each item, and the item that it is paired with. */
const summaryOf = (output: INodeExecutionData[]) =>
  output.map(({ json: { refresh_token: token, error }, pairedItem }) => [
    error === undefined ? token : 'error',
    pairedItem,
  ]);

const modes: [string, INode['onError']][] = [
  ['Stop', undefined],
  ['Continue', 'continueRegularOutput'],
  ['Continue (using error output)', 'continueErrorOutput'],
];

describe.each(['exchange', 'refresh'] as const)('Retry On Fail, %s', (operation) => {
  describe.each(modes)('with On Error: %s', (_mode, onError) => {
    const run = (names: string[], retryOnFail = true) => {
      // All items are sent before the first one fails, also with On Error: Stop.
      answerByName(names.length);
      const options = { concurrency: names.length };
      return bank.run({ operation, items: itemsOf(...names), onError, options, retryOnFail });
    };

    it('does not run the node again if the first item fails and others received tokens', async () => {
      const task = await run(['bad', 'good-1', 'bad-2', 'good-2']);
      expect(bank.requests).toHaveLength(4);
      const hints = task.hints?.map(({ message }) => message) ?? [];
      expect(hints).toContainEqual(expect.stringContaining('The items that failed come last'));
      // A second run would say so.
      expect(hints.join()).not.toContain('given more than once');
      const good = [
        ['next-of-good-1', { item: 1 }],
        ['next-of-good-2', { item: 3 }],
      ];
      const failed = [
        ['error', { item: 0 }],
        ['error', { item: 2 }],
      ];
      const hasErrorOutput = onError === 'continueErrorOutput';
      expect(summaryOf(outputOf(task))).toEqual(hasErrorOutput ? good : [...good, ...failed]);
      expect(summaryOf(outputOf(task, 1))).toEqual(hasErrorOutput ? failed : []);
    });

    it('leaves the order as it is if all items received tokens', async () => {
      const task = await run(['good-1', 'good-2']);
      expect(summaryOf(outputOf(task))).toEqual([
        ['next-of-good-1', { item: 0 }],
        ['next-of-good-2', { item: 1 }],
      ]);
      expect(task.hints ?? []).toEqual([]);
    });

    it('runs the node again if no item received tokens', async () => {
      await run(['bad']);
      // n8n tries three times. The bank refused the code, so it is not sent again.
      expect(bank.requests).toHaveLength(operation === 'refresh' ? 3 : 1);
    });
  });

  it('leaves the order as it is if Retry On Fail is off', async () => {
    answerByName();
    const items = itemsOf('bad', 'good-1');
    const task = await bank.run({ operation, items, onError: 'continueRegularOutput' });
    expect(summaryOf(outputOf(task))).toEqual([
      ['error', { item: 0 }],
      ['next-of-good-1', { item: 1 }],
    ]);
  });
});
