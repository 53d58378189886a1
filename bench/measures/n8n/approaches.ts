/**
 * How tokens are got in n8n: with this package's node, whose default reads a field of the item; with the same and an expression that n8n
 * has to evaluate; or with what n8n brings along.
 */
export type Approach = 'package' | 'evaluated' | 'diy';

/** What tables call them, in this order. */
export const approachLabels: Readonly<Record<Approach, string>> = {
  package: 'this node',
  evaluated: 'this node, expression evaluated',
  diy: 'JWT → HTTP Request',
};

/** All of them. */
export const approaches = Object.keys(approachLabels) as Approach[];
