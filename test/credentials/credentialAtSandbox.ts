import { request } from 'node:https';
import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { loadPackage } from '../support/n8n/nodeExecution';

type Authenticate = (
  data: ICredentialDataDecryptedObject,
  options: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

/** The properties of a failure that n8n keeps. */
export function failure(code: string) {
  return {
    context: expect.objectContaining({ code }) as object,
    description: expect.stringMatching(new RegExp(`\\([a-z-]+: ${code}\\)$`)) as string,
  };
}

/** Starts the embedded bank for the tests of a file, and loads the credential type as n8n does. */
export function credentialAtSandbox() {
  let bank: Sandbox;
  let credential: ICredentialDataDecryptedObject;
  let authenticate: Authenticate;
  beforeAll(async () => {
    bank = await startSandbox();
    credential = { ...(await sandboxCredential(bank)) };
    const { type } = (await loadPackage()).getCredential('openBankingApi');
    authenticate = type.authenticate as Authenticate;
  });
  afterAll(() => bank?.stop());
  return {
    get bank() {
      return bank;
    },
    get credential() {
      return credential;
    },
    authenticate: (...given: Parameters<Authenticate>) => authenticate(...given),
    /** The address of the accounts at the bank. */
    accounts: () => `${bank.ready.gatewayUrl}/open-banking/v3.1/aisp/accounts`,
  };
}

/** Sends a request with these options over node:https, as n8n does. @returns the status */
export function get(options: IHttpRequestOptions): Promise<number> {
  return new Promise((done, fail) => {
    request(
      options.url,
      { ...options.agentOptions, headers: options.headers as never },
      (response) => {
        response.resume().on('end', () => done(response.statusCode!));
      },
    )
      .on('error', fail)
      .end();
  });
}
