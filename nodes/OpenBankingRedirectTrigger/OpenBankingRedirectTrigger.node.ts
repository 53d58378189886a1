import type {
  IDataObject,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { codeBehind } from '../codeBehind';
import { main } from '../connections';
import { testMethods } from '../testMethods';
import { languageOption, nameOption, textsOption } from './fields/pageTextFields';

const webhook = {
  path: '={{$parameter["path"]}}',
  isFullPath: true,
  responseMode: 'onReceived',
} as const;

/** Banks learn the address when the client is registered with them, not from a workflow; n8n's rules ask for these methods. */
const registeredByHand = {
  checkExists: () => Promise.resolve(true),
  create: () => Promise.resolve(true),
  delete: () => Promise.resolve(true),
};

/** Open Banking Redirect Trigger: takes the customer back from the bank, however the bank sends its answer. */
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
    description: 'Starts the workflow when a bank sends a customer back who was asked for consent',
    eventTriggerDescription: 'Waiting for a bank to send a customer back',
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
      // The second of the two names that n8n has for webhooks: forms are posted to the same address.
      { ...webhook, name: 'setup', httpMethod: 'POST', ndvHideUrl: true },
    ],
    properties: [
      {
        displayName:
          'Open "Webhook URLs" above, choose "Production URL", and copy the address: register it at the bank as redirect URI, and fill it in as "Redirect URI" in the credential. To test this trigger with "Execute step", register the "Test URL" as well, and give it to "Create Authorization URL" under Options → Redirect URI.',
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
              'The redirect URI registered at the bank, where a proxy forwards it to the URL above',
          },
          {
            displayName: 'Send Customer To',
            name: 'sendCustomerTo',
            type: 'string',
            default: '',
            placeholder: 'e.g. https://app.example/thank-you',
            description:
              'Where customers are sent once they gave consent, in place of a page that says that they can close the window. No code is in that address.',
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
    const { receive } = await codeBehind(this.getNode(), import('./webhook'));
    const { authorized, notAuthorized } = await receive(this);
    // The page is sent by then.
    if (!authorized && !notAuthorized) return { noWebhookResponse: true };
    const items = (json?: IDataObject) => (json ? [{ json }] : []);
    return { noWebhookResponse: true, workflowData: [items(authorized), items(notAuthorized)] };
  }
}
