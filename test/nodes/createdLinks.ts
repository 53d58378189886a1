import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { openPendingAuthorizations } from '../../core/tokens/openStores';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import { json } from '../support/bank/scriptedBank';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';

/** A link, the request that it stands for, and what is stored for the answer. */
export interface CreatedLink {
  readonly item: IDataObject;
  readonly address: URLSearchParams;
  /** The claims of the request object; the parameters of the form or of the address if there is none. */
  readonly request: JWTPayload;
  /** The header of the request object. */
  readonly header: object;
  readonly pending: object;
  readonly hints: string;
}

/** A bank with custom endpoints, at which the node creates authorization URLs. */
class LinkBank {
  server!: AnsweringServer;
  credential!: BankSettings;

  async open(): Promise<void> {
    this.server = await startAnsweringServer();
    const { server } = this;
    server.answers['/par'] = json(201, { request_uri: 'urn:example:1', expires_in: 60 });
    this.credential = {
      ...(await customCredential(server.url)),
      authorizationEndpoint: 'https://bank.example/authorize',
      pushedAuthorizationRequestEndpoint: `${server.url}/par`,
      scope: 'openid accounts',
    };
  }

  /**
   * Creates a link for one item.
   *
   * @param changes of the credential
   * @param fields of the node that are no options
   */
  async link(
    changes: BankSettings = {},
    item: IDataObject = { consent_id: 'consent-1' },
    options: INodeParameters = {},
    fields: INodeParameters = {},
  ): Promise<CreatedLink> {
    const settings = { ...this.credential, ...changes };
    const task = await runNode({
      credential: settings,
      items: [item],
      parameters: { resource: 'authorization', operation: 'createUrl', options, ...fields },
    });
    if (task.error) throw task.error as Error;
    const { json: output } = outputOf(task)[0]!;
    const address = new URL(output.url as string).searchParams;
    const form = new URLSearchParams(this.server.requests.at(-1)?.body);
    const object = address.get('request') ?? form.get('request');
    const pending = openPendingAuthorizations(await clientOf(settings), {});
    return {
      item: output,
      address,
      request: object ? decodeJwt(object) : Object.fromEntries(form.size > 0 ? form : address),
      header: object ? decodeProtectedHeader(object) : {},
      pending: (await pending.findWaiting(output.state as string))!,
      hints: (task.hints ?? []).map(({ message }) => message).join(' '),
    };
  }

  /** The error of the node in place of a link. */
  refusal(...given: Parameters<LinkBank['link']>): Promise<unknown> {
    return this.link(...given).then(
      () => undefined,
      (error: unknown) => error,
    );
  }
}

/** Opens a bank before the tests of a file, and closes it after them. */
export function linkBank(): LinkBank {
  const bank = new LinkBank();
  ownUserFolder();
  beforeAll(() => bank.open());
  beforeEach(() => {
    bank.server.requests.length = 0;
  });
  afterAll(() => bank.server?.close());
  return bank;
}

/** The claim for the consent of the item. */
export const intent = { openbanking_intent_id: { value: 'consent-1', essential: true } };

/** The log-in of PSD2. */
export const psd2 = ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'];
