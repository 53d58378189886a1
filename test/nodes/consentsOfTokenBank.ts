import type { IDataObject, INode, INodeParameters, ITaskData } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import { openConsentTokens } from '../../core/tokens/openStores';
import { bankJwk } from '../support/bank/idTokens';
import type { Answer } from '../support/bank/scriptedBank';
import { tokenBank, tokensFor, type TokenBank } from '../support/bank/tokenBank';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import { passed } from '../support/stores/consents';

/** The hints of a node. */
export const hintsOf = (task: ITaskData) => task.hints?.map(({ message }) => message) ?? [];

/** The JSON of the only item. @throws the error of the node */
export function itemOf(task: ITaskData): IDataObject {
  if (task.error) throw task.error as Error;
  return outputOf(task)[0]!.json;
}

/** A bank for tokens alone, and the token node with a credential for it. */
class ConsentsOfTokenBank {
  static #clients = 0;

  bank!: TokenBank;
  credential!: IDataObject;
  /** The requests at the bank besides those for its keys. */
  seen: { url: string; form: URLSearchParams }[] = [];

  /** Opens the bank, for another client in each test, so that no test finds the tokens of another one. */
  async open(): Promise<void> {
    this.bank = await tokenBank();
    const { tokenEndpoint } = this.bank.settings;
    this.credential = {
      ...this.bank.settings,
      clientId: `client-of-stored-${++ConsentsOfTokenBank.#clients}`,
      revocationEndpoint: tokenEndpoint!.replace('/token', '/revoke'),
      scope: 'openid accounts',
    };
    this.bank.keys = [await bankJwk()];
    this.seen = [];
  }

  answerWith(answer: Answer): void {
    this.bank.answerWith((response, request, form) => {
      this.seen.push({ url: request.url, form });
      answer(response, request, form);
    });
  }

  /** Runs the node for these items. */
  run(
    operation: string,
    parameters: INodeParameters,
    items: IDataObject[] = [{}],
    onError?: INode['onError'],
  ): Promise<ITaskData> {
    const all = { resource: 'token', operation, ...parameters };
    return runNode({ credential: this.credential, items, parameters: all, onError });
  }

  /** The stored consents of the credential. */
  async stored() {
    return openConsentTokens(await clientOf(this.credential), {});
  }

  /** Stores tokens for the consent "household" whose access token expires in so many seconds. */
  async storeHousehold(seconds = 3600, consentId?: string): Promise<void> {
    await (await this.stored()).keep('household', passed(tokensFor(seconds)), { consentId });
  }
}

/** Opens a bank for each test of a file. */
export function consentsOfTokenBank(): ConsentsOfTokenBank {
  const at = new ConsentsOfTokenBank();
  ownUserFolder();
  beforeEach(() => at.open());
  return at;
}
