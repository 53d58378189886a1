import type { IExecuteFunctions, INode, INodeParameters } from 'n8n-workflow';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { textOption, type ParameterSource } from '../../../parameters';

/** n8n's workflow. The types of a node's context do not name it, and nothing else of n8n gives the ID of another node. */
interface OwnWorkflow {
  getNode?(name: string): INode | null;
}

/**
 * Whose positions the option "Position Name" means: that name. Without it, those of the nodes before this one that hand over transactions.
 *
 * @throws OpenBankingError `input-missing` if there is none
 */
export function subscribersOf(source: ParameterSource): readonly string[] {
  const { context } = source;
  const name = textOption(source, 'positionName', 'Position Name');
  if (name !== undefined) return [name];
  const subscribers = nodesBefore(context).flatMap((node) => subscriberOf(context, node));
  if (subscribers.length > 0) return [...new Set(subscribers)];
  throw new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: 'Position Name' },
    description:
      'No node before this one hands over new transactions. Add the option "Position Name" here, and in the trigger or in "Transaction → Get Many" with "Only New", with the same name. Nothing was marked.',
  });
}

/** Whose position it is if a node of this workflow has no "Position Name". */
export function ownSubscriber(context: IExecuteFunctions, nodeId = context.getNode().id): string {
  return `${context.getWorkflow().id}/${nodeId}`;
}

function nodesBefore(context: IExecuteFunctions): INode[] {
  const { workflow } = context as { workflow?: OwnWorkflow };
  return context
    .getParentNodes(context.getNode().name)
    .map(({ name }) => workflow?.getNode?.(name) ?? undefined)
    .filter((node) => node !== undefined);
}

/** The position that a node hands over from; empty if it does not. */
function subscriberOf(context: IExecuteFunctions, { id, type, parameters }: INode): string[] {
  const isTrigger = type.endsWith('.openBankingTrigger') && parameters.event !== 'consentAttention';
  const { onlyNew, positionName } = (parameters.options ?? {}) as INodeParameters;
  const isReader =
    type.endsWith('.openBanking') &&
    (parameters.operation ?? 'getAll') === 'getAll' &&
    onlyNew !== undefined &&
    onlyNew !== false;
  if (!isTrigger && !isReader) return [];
  if (typeof positionName !== 'string' || !positionName.trim()) return [ownSubscriber(context, id)];
  if (!positionName.startsWith('=')) return [positionName.trim()];
  throw new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: 'Position Name' },
    description:
      'A node before this one has an expression in "Position Name". Add the option here, too, with the same name. Nothing was marked.',
  });
}
