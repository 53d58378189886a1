import { NodeConnectionTypes, type NodeConnectionType } from 'n8n-workflow';

/** What most connections are. n8n 1.70, for one, has no name for it: there the nodes load all the same, and say when they run that it is too old. */
export const main: NodeConnectionType =
  (NodeConnectionTypes as typeof NodeConnectionTypes | undefined)?.Main ?? 'main';
