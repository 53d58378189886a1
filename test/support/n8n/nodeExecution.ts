import 'reflect-metadata';
import { ExecutionLifecycleHooks, PackageDirectoryLoader, WorkflowExecute } from 'n8n-core';
import {
  ICredentialsHelper,
  Workflow,
  type ICredentialDataDecryptedObject,
  type ICredentials,
  type IDataObject,
  type IExecuteFunctions,
  type IHttpRequestOptions,
  type INode,
  type INodeExecutionData,
  type INodeParameters,
  type INodeType,
  type INodeTypes,
  type ITaskData,
  type IVersionedNodeType,
  type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { packedPackage } from '../package/packedPackage';

/** The packed package, loaded as n8n loads an installed one. */
export async function loadPackage(): Promise<PackageDirectoryLoader> {
  const loader = new PackageDirectoryLoader(packedPackage);
  await loader.loadAll();
  return loader;
}

/** A run of the node. */
export interface NodeRun {
  /** Name of the node's type; the token node's if not given. */
  type?: string;
  parameters: INodeParameters;
  /** The values of the credential. */
  credential?: IDataObject;
  /** One empty item if not given. */
  items?: IDataObject[];
  /** The node that outputs the items; one of a type that does nothing else if not given. */
  before?: Pick<INode, 'id' | 'type' | 'parameters'>;
  /** "On Error" of the node; stops the workflow if not given. */
  onError?: INode['onError'];
  /** Whether "Retry On Fail" is set, with the shortest wait. */
  retryOnFail?: boolean;
  /** Cancels the execution. */
  signal?: AbortSignal;
}

/**
 * Runs the packed node in n8n-core's own engine and execution context, behind a node that outputs the items: n8n treats the failed items
 * of a first node differently.
 */
export async function runNode(run: NodeRun): Promise<ITaskData> {
  const loader = await loadPackage();
  const before: INode = {
    ...{ id: '0', type: 'test.items', parameters: {}, ...run.before },
    ...{ name: 'Items', typeVersion: 1, position: [0, 0] },
  };
  const node: INode = {
    id: '1',
    name: 'Open Banking',
    type: `n8n-nodes-open-banking.${run.type ?? 'openBankingToken'}`,
    typeVersion: 1,
    position: [0, 0],
    parameters: run.parameters,
    onError: run.onError,
    retryOnFail: run.retryOnFail,
    waitBetweenTries: 1,
    credentials: { openBankingApi: { id: '1', name: 'Bank' } },
  };
  const workflow = new Workflow({
    id: '1',
    nodes: [before, node],
    connections: { [before.name]: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
    active: false,
    nodeTypes: withItems(nodeTypesOf(loader), before.type, run.items ?? [{}]),
  });
  const execution = new WorkflowExecute(additionalDataOf(run), 'manual').run({
    workflow,
    startNode: before,
  });
  run.signal?.addEventListener('abort', () => execution.cancel());
  const finished = await execution;
  return finished.data.resultData.runData[node.name]![0]!;
}

/** The node types, and one that outputs these items. */
function withItems(nodeTypes: INodeTypes, name: string, items: IDataObject[]): INodeTypes {
  const real = name === 'test.items' ? undefined : nodeTypes.getByNameAndVersion(name);
  const source: INodeType = {
    description: {
      ...{ displayName: 'Items', name: 'items', group: ['input'], version: 1, description: '' },
      ...{ defaults: { name: 'Items' }, inputs: [], outputs: ['main'], properties: [] },
      // n8n drops parameters that the description does not have.
      ...real?.description,
    },
    execute(this: IExecuteFunctions) {
      // Another node of the workflow may have the same type.
      if (real && this.getNode().name !== 'Items') return real.execute!.call(this);
      return Promise.resolve([items.map((json, item) => ({ json, pairedItem: { item } }))]);
    },
  };
  const isSource = (type: string) => type === name;
  return {
    ...nodeTypes,
    getByName: (type) => (isSource(type) ? source : nodeTypes.getByName(type)),
    getByNameAndVersion: (type, version) =>
      isSource(type) ? source : nodeTypes.getByNameAndVersion(type, version),
  };
}

/** The items on an output of the node; on the first one if not given. */
export function outputOf(task: ITaskData, output = 0): INodeExecutionData[] {
  return task.data?.main?.[output] ?? [];
}

/** The node types of this package only. */
export function nodeTypesOf(loader: PackageDirectoryLoader): INodeTypes {
  const get = (type: string): INodeType => {
    const [packageName, name] = type.split('.');
    if (packageName !== loader.packageName) throw new Error(`Unknown node type ${type}`);
    return loader.getNode(name!).type as INodeType;
  };
  return {
    getByName: (type): INodeType | IVersionedNodeType => get(type),
    getByNameAndVersion: get,
    getKnownTypes: () => ({}),
  };
}

/** Returns the credential of a test in place of n8n's database. */
class HeldCredential extends ICredentialsHelper {
  constructor(private readonly data: ICredentialDataDecryptedObject) {
    super();
  }

  override getDecrypted = () => Promise.resolve(structuredClone(this.data));

  override isCredentialUsableByNode = () => true;

  override getParentTypes = (): string[] => [];

  override getCredentialsProperties = () => [];

  override authenticate = (): Promise<IHttpRequestOptions> => this.notNeeded();

  override preAuthentication = (): Promise<undefined> => this.notNeeded();

  override runPreAuthentication = (): Promise<undefined> => this.notNeeded();

  override getCredentials = (): Promise<ICredentials> => this.notNeeded();

  override updateCredentials = (): Promise<void> => this.notNeeded();

  override updateCredentialsOauthTokenData = (): Promise<void> => this.notNeeded();

  private notNeeded(): never {
    throw new Error('The node was not expected to need this');
  }
}

/** The environment of an execution. */
export function additionalDataOf({ credential }: NodeRun): IWorkflowExecuteAdditionalData {
  return {
    credentialsHelper: new HeldCredential(credential as ICredentialDataDecryptedObject),
    hooks: new ExecutionLifecycleHooks('manual', '1', { id: '1', name: 'Test' } as never),
    currentNodeExecutionIndex: 0,
    // Expressions may contain addresses of n8n; they are not called.
    ...Object.fromEntries(
      [
        ...['restApiUrl', 'instanceBaseUrl', 'formWaitingBaseUrl', 'webhookBaseUrl'],
        ...['webhookWaitingBaseUrl', 'webhookTestBaseUrl'],
      ].map((name) => [name, 'http://localhost:5678']),
    ),
    variables: {},
  } as unknown as IWorkflowExecuteAdditionalData;
}
