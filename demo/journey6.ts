import type { Bank } from './bank';
import { fillWorkflow, readExample, type ImportableWorkflow } from './examples';

/** The names of J6's nodes, which identify their output. */
export const journey6Nodes = {
  trigger: 'New Transactions',
  table: 'Create Table',
  upsert: 'Upsert Transactions',
  processed: 'Mark as Processed',
  attention: 'Consent Needs Attention',
  message: 'Send Email',
} as const;

/** The workflows of J6. They use the credential of J1, and credentials for PostgreSQL and SMTP of their user. */
export interface Journey6 {
  transactions: ImportableWorkflow;
  attention: ImportableWorkflow;
}

/** Reads the workflows of J6 from `examples/`. */
export async function journey6({ ready }: Pick<Bank, 'ready'>): Promise<Journey6> {
  const read = async (name: string) =>
    fillWorkflow(await readExample<ImportableWorkflow>(name), { gatewayUrl: ready.gatewayUrl });
  return {
    transactions: await read('J6-new-transactions.json'),
    attention: await read('J6-consent-needs-attention.json'),
  };
}
