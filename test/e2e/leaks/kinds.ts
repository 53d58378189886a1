import type { WorkflowNode } from '../../../demo/examples';
import type { BankAnswer, HostileBank } from './hostileBank';

/** One kind of success or failure: a workflow with a single node under test. */
export interface Kind {
  name: string;
  /** Fields of the credential that differ from a good one, which uses the endpoints of this kind. */
  credential?: Record<string, unknown>;
  /** Answers each request to the bank except the one for its keys. */
  answer?: BankAnswer;
  /** The items for the node, new ones for each run. */
  items?: (bank: HostileBank) => Promise<object[]> | object[];
  node: Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters'>;
  /** Whether the execution ends with an error if the node stops at failures. */
  fails: boolean;
  /** Whether it also ends with an error if the node goes on at failures: the node throws before it looks at an item. */
  failsAnyway?: boolean;
}

/** The fields with tokens in the output of the node under test, by its operation. */
export const outputFields: Record<string, string[]> = {
  exchange: ['access_token', 'refresh_token', 'id_token', 'authorization'],
  refresh: ['access_token', 'refresh_token', 'id_token', 'authorization'],
  valid: ['access_token', 'authorization'],
  application: ['access_token', 'authorization'],
  createUrl: ['url', 'state'],
  introspect: [],
  revoke: [],
  request: [],
  // The node Open Banking: no field of account data has a token.
  getAll: [],
  get: [],
  getBalances: [],
  create: [],
  delete: [],
};

/** Fields of the items that a workflow gets. */
export const itemFields = ['code', 'refresh_token', 'id_token', 'token', 'pasted'];

const TOKEN_NODE = 'n8n-nodes-open-banking.openBankingToken';

/** The node Open Banking Token with an operation. */
export function tokenNode(operation: string, parameters: object = {}): Kind['node'] {
  const resource = operation === 'createUrl' ? 'authorization' : 'token';
  return { type: TOKEN_NODE, typeVersion: 1, parameters: { resource, operation, ...parameters } };
}

/** A number of items with codes. */
const codes = (count: number) => (bank: HostileBank) =>
  Array.from({ length: count }, () => ({ code: bank.code() }));

/** An exchange of the code of each item. */
export function exchange(
  name: string,
  answer: BankAnswer | undefined,
  { options = {}, count = 1, ...kind }: Partial<Kind> & { options?: object; count?: number } = {},
): Kind {
  return {
    ...{ name, answer, items: codes(count), fails: true },
    node: tokenNode('exchange', { code: '={{ $json.code }}', options }),
    ...kind,
  };
}

/** A refresh with the refresh token of each item. */
export function refresh(name: string, answer: BankAnswer, kind: Partial<Kind> = {}): Kind {
  return {
    ...{ name, answer, fails: true },
    items: (bank) => [{ refresh_token: bank.refreshToken() }],
    node: tokenNode('refresh', { refreshToken: '={{ $json.refresh_token }}' }),
    ...kind,
  };
}

/** The operation Get Application Token, with a credential that has a mistake. */
export function misconfigured(name: string, credential: Kind['credential']): Kind {
  return { ...{ name, credential, fails: true }, node: tokenNode('application') };
}

/** HTTP Request with the credential. */
export function request(
  name: string,
  { version = 4.2, ...parameters }: { version?: number; url: string } & Record<string, unknown>,
  kind: Partial<Kind> = {},
): Kind {
  const authentication = 'predefinedCredentialType';
  const own = { options: {}, authentication, nodeCredentialType: 'openBankingApi', ...parameters };
  return {
    ...{ name, fails: true },
    node: { type: 'n8n-nodes-base.httpRequest', typeVersion: version, parameters: own },
    ...kind,
  };
}
