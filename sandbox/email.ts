import type { SandboxReady } from './ready';
import type { RegimeName } from './regimes/regime';

/**
 * The e-mail that a bank sends to a new third party: each value, its field in n8n's form, and the next steps.
 *
 * The fields have the order of the form. The value is at the end of each line, so that a person can copy it as a whole.
 *
 * @param trigger the redirect URI of n8n's trigger, if the bank was started with it. WSO2's e-mail does not need it
 */
export function email(ready: SandboxReady, trigger?: string): string {
  return ready.regime === 'wso2' ? emailOfWso2(ready) : emailOfRegime(ready, trigger);
}

function emailOfWso2(ready: SandboxReady): string {
  const { identityUrl, gatewayUrl } = ready;
  return `The bank's e-mail, and where each value goes. By hand, in n8n:

  1. Choose Credentials, "Create credential" and "Open Banking API". Fill in these fields, from top
     to bottom; leave all others as they are. If the value is a file, paste its whole text. When you
     save, n8n tests the credential.

${table(rowsOfWso2(ready))}

  2. Give access as a customer: open this address, log in and approve.

     ${identityUrl}/sandbox/customer-link

  3. Add "Exchange authorization code" of Open Banking Token to a workflow, paste the address of the
     last page into Authorization Code, and execute the node.
  4. Add HTTP Request with Authentication "Predefined Credential Type", Credential Type
     "Open Banking API", and a header Authorization; drag "authorization" from the input into its
     Value. The URL:

     ${gatewayUrl}/open-banking/v3.1/aisp/accounts

  5. For requests without a token in the workflow, such as J2 and J4, set "Authorize HTTP Requests
     With" in the credential to "A Consent's Token".`;
}

function rowsOfWso2({
  identityUrl,
  gatewayUrl,
  clientId,
  redirectUri,
  scope,
  files,
}: SandboxReady): string[][] {
  return [
    ['Identity server', 'Host', new URL(identityUrl).host],
    ['API gateway', 'API Gateway Host', new URL(gatewayUrl).host],
    ['Client ID', 'Client ID', clientId],
    ['Certificate', 'Transport Certificate', files.clientCertificate],
    ['Private key', 'Transport Private Key', files.clientKey],
    ['Certificate authority', 'Certificate Authorities', files.certificateAuthority],
    ['Redirect URI', 'Redirect URI', redirectUri],
    ['Scope', 'Scope', scope],
  ];
}

/** The e-mail of a bank whose addresses are in its metadata. */
function emailOfRegime(ready: SandboxReady, trigger?: string): string {
  const steps = [TRIGGER_STEP[trigger ? 'known' : 'unknown'], CUSTOMER_STEP[ready.regime]];
  const reading = ACCOUNT_PATH[ready.regime];
  if (reading) steps.push(readingStep(ready.accountApiUrl + reading.path, reading.headers));
  const numbered = steps
    .filter((step) => step !== undefined)
    .map((step, index) => `  ${index + 2}. ${step}`);
  return `The bank's e-mail, and where each value goes. By hand, in n8n:

  1. Choose Credentials, "Create credential" and "Open Banking API". Fill in these fields, from top
     to bottom; leave all others as they are. If the value is a file, paste its whole text. When you
     save, n8n tests the credential.

${table(rowsOfRegime(ready, trigger))}

${numbered.join('\n')}`;
}

const TRIGGER_STEP = {
  known: `Import "J3: Ask for Consent" and "J3: Receive Consent", and follow their notes.`,
  unknown: `Import "J3: Ask for Consent" and "J3: Receive Consent", and follow their notes. The redirect
     URI of their trigger has to be registered at the bank: start the bank again with --redirect-uri
     and that address.`,
};

/** What a bank wants to know about its customer. */
const CUSTOMER_STEP: Readonly<Partial<Record<RegimeName, string>>> = {
  brazil: `In "Create Consent", add the option "Brazil: CPF" with the value 529.982.247-25. For the
     company of this customer, also add "Brazil: CNPJ" with the value 11.222.333/0001-81.`,
  saudiArabiaFapi2: `In "Create Consent", add the option "Saudi Arabia: National ID" with the value 1111111111.`,
};

/** Where the accounts are, and further headers, if HTTP Request reads them. */
const ACCOUNT_PATH: Readonly<Partial<Record<RegimeName, { path: string; headers: string }>>> = {
  brazil: { path: '/accounts/v2/accounts', headers: '' },
  australia: { path: '/banking/accounts', headers: ' and x-v with the value 2' },
};

function readingStep(url: string, headers: string): string {
  return `In "J3: Receive Consent", put HTTP Request in the place of "Get Accounts": Authentication
     "Predefined Credential Type", Credential Type "Open Banking API", and the header
     x-open-banking-consent with the value {{ $json.consent }}${headers}. The URL:

     ${url}`;
}

/** Names of the regimes in n8n. */
const REGIME_LABELS: Readonly<Record<RegimeName, string>> = {
  wso2: 'Automatic',
  fapi1: 'FAPI 1 Advanced',
  fapi2: 'FAPI 2',
  uk: 'United Kingdom',
  brazil: 'Brazil',
  australia: 'Australia (CDR)',
  saudiArabia: 'Saudi Arabia (FAPI 1)',
  saudiArabiaFapi2: 'Saudi Arabia (FAPI 2)',
};

function rowsOfRegime(ready: SandboxReady, trigger?: string): string[][] {
  const { regime, issuer, clientId, accountApiUrl, redirectUri, files } = ready;
  return [
    ['Addresses', 'Bank', 'Discovery'],
    ['Rules', 'Regime', REGIME_LABELS[regime]],
    ['Issuer', 'Issuer', issuer],
    ['Account API', 'Account API URL', accountApiUrl],
    ['Client ID', 'Client ID', clientId],
    ['Certificate', 'Transport Certificate', files.clientCertificate],
    ['Private key', 'Transport Private Key', files.clientKey],
    ['Certificate authority', 'Certificate Authorities', files.certificateAuthority],
    ['Redirect URI', 'Redirect URI', trigger ?? redirectUri],
    ...(ACCOUNT_PATH[regime]
      ? [['For HTTP Request', 'Authorize HTTP Requests With', "A Consent's Token"]]
      : []),
    ...(regime === 'brazil'
      ? [
          ['For the next field', 'Use Custom Settings', 'on'],
          ['Key for ID tokens', 'Decryption Keys', files.clientEncryptionKey],
        ]
      : []),
  ];
}

function table(values: string[][]): string {
  const rows = [['In the e-mail', 'Field in n8n', 'Value'], ...values];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `     ${line}`)
    .join('\n');
}
