import { NodeConnectionTypes, type NodeConnectionType } from 'n8n-workflow';

/** What most connections are. The name for it came with n8n 1.85: on an older one the nodes load all the same, and say when they run that it is too old. */
export const main: NodeConnectionType =
  (NodeConnectionTypes as typeof NodeConnectionTypes | undefined)?.Main ?? 'main';
