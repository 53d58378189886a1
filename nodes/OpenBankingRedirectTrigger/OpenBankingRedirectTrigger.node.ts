import type {
  IDataObject,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { main } from '../connections';
import { testMethods } from '../testMethods';
import { languageOption, nameOption, textsOption } from './fields/pageTextFields';

const webhook = {
  path: '={{$parameter["path"]}}',
  isFullPath: true,
  responseMode: 'onReceived',
} as const;

/** n8n requires these methods. They have no effect: a bank learns the address when the client is registered, not from a workflow. */
const registeredByHand = {
  checkExists: () => Promise.resolve(true),
  create: () => Promise.resolve(true),
  delete: () => Promise.resolve(true),
};

/** Open Banking Redirect Trigger: receives the customer who comes back from the bank, in each way that a bank may send its answer. */
export class OpenBankingRedirectTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Open Banking Redirect Trigger',
    name: 'openBankingRedirectTrigger',
    icon: {
      light: 'file:openBankingRedirectTrigger.svg',
      dark: 'file:openBankingRedirectTrigger.dark.svg',
    },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ "/" + $parameter["path"] }}',
    description:
      'Starts the workflow when a customer who was asked for consent comes back from the bank',
    eventTriggerDescription: 'Waiting for a customer to come back from the bank',
    triggerPanel: {
      header: 'Wait for a customer to come back from the bank',
      executionsHelp: `<b>While you build the workflow</b>, choose "Execute step", then follow a link of "Create Authorization URL" that was made for the test URL. The execution shows up in this editor.<br /><br /><b>Once the workflow is published</b>, each customer who comes back to the production URL starts it. These executions show up in the <a data-key="executions">executions list</a>, but not in the editor.`,
      activationHint:
        'Customers can come back to the production URL once the workflow is published.',
    },
    activationMessage: 'Banks can now send customers back to the production URL.',
    defaults: { name: 'Open Banking Redirect Trigger' },
    inputs: [],
    outputs: [main, main],
    outputNames: ['Authorized', 'Not Authorized'],
    credentials: [{ name: 'openBankingApi', required: true, testedBy: 'openBankingApiTest' }],
    webhooks: [
      { ...webhook, name: 'default', httpMethod: 'GET' },
      // For forms, which are posted to the same address. n8n has only these two names for webhooks.
      { ...webhook, name: 'setup', httpMethod: 'POST', ndvHideUrl: true },
    ],
    properties: [
      {
        displayName:
          'Open "Webhook URLs" above, choose "Production URL", and copy the address: register it at the bank as redirect URI, and fill it in as "Redirect URI" in the credential. To test this trigger with "Execute step", also register the "Test URL", and give it to "Create Authorization URL" under Options → Redirect URI.',
        name: 'notice',
        type: 'notice',
        default: '',
      },
      {
        displayName: 'Path',
        name: 'path',
        type: 'string',
        required: true,
        default: 'open-banking-redirect',
        placeholder: 'e.g. open-banking-redirect',
        description:
          'Last part of the address that the bank redirects to. Each trigger needs a path of its own.',
      },
      {
        displayName: 'Options',
        name: 'options',
        type: 'collection',
        placeholder: 'Add option',
        default: {},
        options: [
          languageOption,
          {
            displayName: 'Redirect URI',
            name: 'redirectUri',
            type: 'string',
            default: '',
            placeholder: 'e.g. https://app.example/redirect',
            description:
              'The redirect URI registered at the bank, if a proxy forwards it to the URL above',
          },
          {
            displayName: 'Send Customer To',
            name: 'sendCustomerTo',
            type: 'string',
            default: '',
            placeholder: 'e.g. https://app.example/thank-you',
            description:
              'The address that customers are sent to after they gave consent. If this is empty, a page tells them that they can close the window. The address contains no code.',
          },
          textsOption,
          nameOption,
        ],
      },
    ],
  };

  methods = testMethods;

  webhookMethods = { default: registeredByHand, setup: registeredByHand };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const { receive } = await import('./webhook');
    const { authorized, notAuthorized } = await receive(this);
    // `receive` has sent the page.
    if (!authorized && !notAuthorized) return { noWebhookResponse: true };
    const items = (json?: IDataObject) => (json ? [{ json }] : []);
    return { noWebhookResponse: true, workflowData: [items(authorized), items(notAuthorized)] };
  }
}
