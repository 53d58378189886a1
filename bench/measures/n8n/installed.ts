import { readFile } from 'node:fs/promises';
import { CLIENT_ID, type BenchBank } from '../../bank/server';
import { keyIdOf, type BenchFiles } from '../../certificates';
import { pullWorkflows } from '../pull/workflows';
import { approaches } from './approaches';
import { BenchN8n } from './session';
import { credentials, pagesWorkflow, tokenWorkflow, type WorkflowTarget } from './workflows';

/** The bank and the client of the workflows. @param distantUrl the bank behind a network with a delay */
export async function targetOf(
  bank: BenchBank,
  files: BenchFiles,
  distantUrl: string,
): Promise<WorkflowTarget> {
  const clientCertificate = await readFile(files.clientCertificate, 'utf8');
  return {
    ...{ bankUrl: bank.url, distantUrl, clientId: CLIENT_ID },
    keyId: keyIdOf(clientCertificate),
    pem: {
      clientCertificate,
      clientKey: await readFile(files.clientKey, 'utf8'),
      certificateAuthority: await readFile(files.certificateAuthority, 'utf8'),
    },
  };
}

/** Installs the n8n of all measures in n8n. @param directory in which this n8n stores its files */
export function installN8n(directory: string, target: WorkflowTarget): Promise<BenchN8n> {
  return BenchN8n.install(directory, credentials(target), [
    ...approaches.map((approach) => tokenWorkflow(approach, target)),
    pagesWorkflow(target),
    ...pullWorkflows(target),
  ]);
}
