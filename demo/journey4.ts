import type { Bank } from './bank';
import { fillWorkflow, readExample, withManualStart, type ImportableWorkflow } from './examples';

/** The names of J4's nodes, which identify their output. */
export const journey4Nodes = {
  schedule: 'Every Hour',
  list: 'List Stored Consents',
  transactions: 'Get Transactions',
  failed: 'Consents to Look After',
} as const;

/** The workflow of J4, which starts by its schedule and by hand. It uses the credential of J1. */
export async function journey4({ ready }: Pick<Bank, 'ready'>): Promise<ImportableWorkflow> {
  const template = await readExample<ImportableWorkflow>('J4-many-consents.json');
  return withManualStart(fillWorkflow(template, { gatewayUrl: ready.gatewayUrl }));
}
