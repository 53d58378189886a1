import type { INodeParameters, ITriggerFunctions } from 'n8n-workflow';
import type { NewTransactionSettings } from '../../nodes/OpenBankingTrigger/settings';
import { start } from '../../nodes/OpenBankingTrigger/start';
import type { Watch } from '../../nodes/OpenBankingTrigger/watch';
import { activateTrigger, type ActiveTrigger, type Activation } from '../support/n8n/activeTrigger';

/** The settings that the trigger has read from its fields. */
let settings: NewTransactionSettings[];
let active: ActiveTrigger | undefined;

beforeEach(() => {
  settings = [];
});

afterEach(async () => {
  await active?.stop();
  active = undefined;
});

const parameters: INodeParameters = { consents: 'list', consent: 'household' };

/** Nothing happens at the poll times. */
const idle: Watch = {
  poll: () => Promise.resolve(),
  preview: () => Promise.resolve([]),
  close: () => undefined,
};

async function activate(activation: Activation = {}): Promise<void> {
  active = await activateTrigger({
    parameters,
    ...activation,
    trigger(this: ITriggerFunctions) {
      const response = start(this, (_, read) => {
        settings.push(read as NewTransactionSettings);
        return idle;
      });
      return Promise.resolve(response);
    },
  });
}

describe('the fields', () => {
  it('have defaults, and the position belongs to the node in its workflow', async () => {
    await activate();
    expect(settings[0]).toMatchObject({
      ...{ withPending: false, start: 'now', windowDays: 14, wideDays: 45, readsPerDay: 4 },
      ...{ maximumRows: 1000, maximumOpen: 10, deadline: 60 * 60_000, consents: ['household'] },
      subscriber: expect.stringMatching(/^workflow-\d+\/node-1$/),
    });
  });

  it('take what the options say', async () => {
    await activate({
      parameters: {
        ...parameters,
        ...{ include: 'withPending', start: 'date', startFrom: '2026-03-01T00:00:00' },
        options: {
          ...{ positionName: 'ledger', window: 7, wideWindow: 3, readsPerDay: '', timeLimit: 5 },
          ...{ maximumRows: 10, maximumOpen: 1, financialId: 'F1' },
        },
      },
    });
    expect(settings[0]).toMatchObject({
      ...{ withPending: true, start: { from: '2026-03-01' }, windowDays: 7, wideDays: 7 },
      ...{ maximumRows: 10, maximumOpen: 1, deadline: 5 * 60_000, subscriber: 'ledger' },
      financialId: 'F1',
    });
    expect(settings[0]!.readsPerDay).toBeUndefined();
  });

  it.each([
    [600, 11 * 60_000],
    [10_000_000, 2 ** 31 - 1],
    [-1, 60 * 60_000],
  ])(
    'take the timeout of %s s of the workflow for the time that an execution may take',
    async (executionTimeout, deadline) => {
      await activate({ settings: { executionTimeout } });
      expect(settings[0]!.deadline).toBe(deadline);
    },
  );

  it.each([
    [{ readsPerDay: '={{ "" }}' }, 'Reads per Day'],
    [{ readsPerDay: 'four' }, 'Reads per Day'],
    [{ maximumRows: 0 }, 'Maximum Transactions per Execution'],
    [{ positionName: '' }, 'Position Name'],
    [{ timeLimit: 0 }, 'Time Limit'],
    [{ window: 1.5 }, 'Window'],
  ])('are refused with %j', async (options, label) => {
    await expect(activate({ parameters: { ...parameters, options } })).rejects.toThrow(label);
  });
});
