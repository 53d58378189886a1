import 'reflect-metadata';
import { Container } from '@n8n/di';
import {
  ActiveWorkflowTriggers,
  InstanceSettings,
  TriggerContext,
  WorkflowExecute,
} from 'n8n-core';
import {
  Workflow,
  type IDataObject,
  type INode,
  type INodeExecutionData,
  type INodeParameters,
  type INodeType,
  type INodeTypes,
  type IRun,
  type ITriggerFunctions,
  type IWorkflowSettings,
} from 'n8n-workflow';
import { OpenBankingTrigger } from '../../../nodes/OpenBankingTrigger/OpenBankingTrigger.node';
import { additionalDataOf, outputOf } from './nodeExecution';

/** An execution that the trigger started. */
export interface EmittedExecution {
  readonly items: IDataObject[];
  /** Ends it as n8n does: the promise resolves with the run, or with `undefined` if there is none. */
  readonly end: (status: IRun['status'] | undefined) => void;
  /** Fails as n8n does if it does not start the execution, or if somebody stops it. */
  readonly reject: (error: Error) => void;
}

/** A trigger that n8n-core has activated. */
export interface ActiveTrigger {
  readonly executions: EmittedExecution[];
  /** Errors that the trigger put into the list of executions. */
  readonly failures: Error[];
  /** The lines in n8n's log, each with its level in front. */
  readonly lines: string[];
  /** The cron expressions that n8n-core has for it. */
  readonly crons: () => string[];
  /** Lets the timer of n8n-core fire, as it does at a poll time. */
  readonly tick: () => void;
  /** Deactivates the workflow. */
  readonly stop: () => Promise<void>;
}

/** How to activate a trigger. */
export interface Activation {
  readonly parameters?: INodeParameters;
  readonly credential?: IDataObject;
  readonly settings?: IWorkflowSettings;
  /** The function of the node; that of this package if not given. */
  readonly trigger?: INodeType['trigger'];
  /** Whether this process is the leader of several; true if not given. */
  readonly isLeader?: boolean;
}

/** A timer of n8n-core's scheduler. */
interface Cron {
  readonly job: { fireOnTick(): void };
  readonly summary: string;
}

/** The private members of n8n-core's scheduler that a test looks at. */
interface Scheduler {
  readonly scheduledTaskManager: {
    readonly cronsByGroupType: Map<string, Map<string, Map<string, Cron>>>;
  };
}

/** The promise that the trigger gets the end of an execution by. */
type DonePromise = Parameters<ITriggerFunctions['emit']>[2];

let workflows = 0;

/** Activates a workflow with the trigger, by the code of n8n-core that n8n uses. @throws as n8n, if the trigger cannot be activated */
export async function activateTrigger(activation: Activation = {}): Promise<ActiveTrigger> {
  const { parameters = {}, credential, settings = {}, isLeader = true } = activation;
  const instance = Container.get(InstanceSettings);
  if (isLeader) instance.markAsLeader();
  else instance.markAsFollower();
  const triggers = Container.get(ActiveWorkflowTriggers);
  const id = `workflow-${++workflows}`;
  const workflow = workflowOf(id, parameters, settings, activation.trigger);
  const [executions, failures, lines]: [EmittedExecution[], Error[], string[]] = [[], [], []];
  await triggers.addAllTriggers(
    id,
    workflow,
    additionalDataOf({ parameters, credential }),
    'trigger',
    'activate',
    (of, node, data, mode, activated) => {
      const emit = (items: INodeExecutionData[][], _?: unknown, done?: DonePromise) => {
        executions.push({
          items: items[0]!.map(({ json }) => json),
          end: (status) => done!.resolve((status && { status }) as IRun),
          reject: (error) => done!.reject(error),
        });
      };
      const fail = (error: Error) => void failures.push(error);
      const context = new TriggerContext(of, node, data, mode, activated, emit, fail, fail);
      return Object.defineProperty(context, 'logger', { value: logTo(lines) });
    },
    () => {
      throw new Error('The node does not poll');
    },
  );
  const crons = () => {
    const { cronsByGroupType } = (triggers as unknown as Scheduler).scheduledTaskManager;
    return [...(cronsByGroupType.get('workflow')?.get(id)?.values() ?? [])];
  };
  return {
    ...{ executions, failures, lines },
    crons: () => crons().map(({ summary }) => summary),
    tick: () => crons().forEach(({ job }) => job.fireOnTick()),
    stop: async () => void (await triggers.remove(id)),
  };
}

/**
 * "Execute step" of the trigger in the editor.
 *
 * @returns its items
 * @throws the error that the editor shows
 */
export async function executeTriggerStep(activation: Activation): Promise<IDataObject[]> {
  const { parameters = {}, credential, settings = {}, trigger } = activation;
  const workflow = workflowOf(`workflow-${++workflows}`, parameters, settings, trigger);
  const startNode = workflow.getNode('Trigger')!;
  const data = additionalDataOf({ parameters, credential });
  const { data: run } = await new WorkflowExecute(data, 'manual').run({ workflow, startNode });
  const { error, runData } = run.resultData;
  if (error) throw error as Error;
  return outputOf(runData.Trigger![0]!).map(({ json }) => json);
}

function workflowOf(
  id: string,
  parameters: INodeParameters,
  settings: IWorkflowSettings,
  trigger?: INodeType['trigger'],
): Workflow {
  const node: INode = {
    ...{ id: 'node-1', name: 'Trigger', type: 'n8n-nodes-open-banking.openBankingTrigger' },
    ...{ typeVersion: 1, position: [0, 0], parameters },
    credentials: { openBankingApi: { id: '1', name: 'Bank' } },
  };
  const own = new OpenBankingTrigger();
  const type: INodeType = trigger ? { description: own.description, trigger } : own;
  const nodeTypes: INodeTypes = {
    getByName: () => type,
    getByNameAndVersion: () => type,
    getKnownTypes: () => ({}),
  };
  return new Workflow({ id, nodes: [node], connections: {}, active: true, nodeTypes, settings });
}

/** The log of n8n, which the trigger writes to. */
function logTo(lines: string[]) {
  const write = (level: string) => (text: string) => void lines.push(`${level}: ${text}`);
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
  };
}
