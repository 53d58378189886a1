/** A way to get tokens in n8n: with this package's node, or with the nodes that n8n contains. */
export type Approach = 'package' | 'diy';

/** The names of the approaches in tables, in this order. */
export const approachLabels: Readonly<Record<Approach, string>> = {
  package: 'this node',
  diy: 'JWT → HTTP Request',
};

/** All approaches. */
export const approaches = Object.keys(approachLabels) as Approach[];
