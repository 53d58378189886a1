import { NodeConnectionTypes, type NodeConnectionType } from 'n8n-workflow';

/** The type of most connections. n8n 1.70 does not export it; the nodes still load there, and fail with `version-too-old` when they run. */
export const main: NodeConnectionType =
  (NodeConnectionTypes as typeof NodeConnectionTypes | undefined)?.Main ?? 'main';
