import type {
  INodeType,
  INodeTypeDescription,
  ITriggerFunctions,
  ITriggerResponse,
} from 'n8n-workflow';
import { main } from '../connections';
import { searchConsents } from '../listSearches';
import { testMethods } from '../testMethods';
import { attentionFields } from './fields/attentionFields';
import { consentsFields } from './fields/consentsFields';
import { newTransactionFields } from './fields/newTransactionFields';
import { timesField } from './fields/timesField';
import { eventAndConsents } from './subtitle';

/** Open Banking Trigger: starts the workflow for new transactions, once each, and for consents that need attention. */
export class OpenBankingTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Open Banking Trigger',
    name: 'openBankingTrigger',
    icon: { light: 'file:openBankingTrigger.svg', dark: 'file:openBankingTrigger.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: eventAndConsents,
    description:
      'Starts the workflow for each new transaction of bank accounts, once, or when a consent needs attention',
    eventTriggerDescription: 'Waiting for new transactions',
    activationMessage: 'The trigger now looks for something new at its poll times.',
    defaults: { name: 'Open Banking Trigger' },
    inputs: [],
    outputs: [main],
    credentials: [{ name: 'openBankingApi', required: true, testedBy: 'openBankingApiTest' }],
    properties: [
      {
        displayName: 'Event',
        name: 'event',
        type: 'options',
        noDataExpression: true,
        options: [
          {
            name: 'Consent Needs Attention',
            value: 'consentAttention',
            description:
              'A consent ends soon, has ended, was revoked, gives no more data, or has tokens that cannot be used',
          },
          {
            name: 'New Transaction',
            value: 'newTransaction',
            description: 'Transactions that the workflow has not received yet',
          },
        ],
        default: 'newTransaction',
        description: 'What starts the workflow',
      },
      {
        displayName:
          'Most banks let an account be read four times in 24 hours while the customer is not present. So this trigger reads each account every six hours, whatever its poll times are: see the option "Reads per Day". If a workflow has a Wait node, or if failed executions are retried, end it with Open Banking → Transaction → Mark as Processed.',
        name: 'notice',
        type: 'notice',
        default: '',
        displayOptions: { show: { event: ['newTransaction'] } },
      },
      ...consentsFields,
      timesField,
      ...newTransactionFields,
      ...attentionFields,
    ],
  };

  methods = { ...testMethods, listSearch: { searchConsents } };

  async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
    const { start } = await import('./start');
    return start(this);
  }
}
