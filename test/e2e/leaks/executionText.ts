/** Where a tree of n8n may contain codes and tokens: the node that has them in its output, and the fields of its items. */
export type Outputs = Readonly<Record<string, readonly string[]>>;

/** Values that a tree may have before the walk must be wrong. */
const LIMIT = 5_000_000;

/**
 * All texts, numbers and names of a tree, such as an execution, one a line.
 *
 * The named fields of the items of the named nodes are left out, and nothing else: in the output of the node, and in the input of a node
 * that they go to, which n8n stores if that node fails, and in what HTTP Request remembers of its answers. The same value in any other
 * place is in the result.
 *
 * @param at the node whose output the tree is, if it is not an execution
 */
export function textOutside(tree: unknown, outputs: Outputs, at?: string): string {
  const parts: string[] = [];
  const above = new Set<object>();
  let count = 0;
  const walk = (value: unknown, path: readonly string[]): void => {
    if (++count > LIMIT) throw new Error(`The tree has no end at ${path.join('.')}`);
    if (typeof value !== 'object' || value === null) {
      parts.push(String(value));
      return;
    }
    if (above.has(value)) return;
    above.add(value);
    // The numbers of a `Buffer` stay together.
    if (Array.isArray(value) && value.every((part) => typeof part === 'number')) {
      parts.push(value.join(','));
    } else {
      for (const [name, part] of Object.entries(value)) {
        if (!Array.isArray(value)) parts.push(name);
        const next = [...path, name];
        if (!isField(next, outputs, tree)) walk(part, next);
      }
    }
    above.delete(value);
  };
  walk(tree, at === undefined ? [] : ['resultData', 'runData', at, '0']);
  return parts.join('\n');
}

/** `resultData.runData.<node>.<run>.data.main.<output>.<item>.json.<field>` */
const ofOutput = /^resultData\nrunData\n(.+)\n\d+\ndata\nmain\n\d+\n\d+\njson\n(.+)$/;

/** `executionData.nodeExecutionStack.<entry>.data.main.<input>.<item>.json.<field>` */
const ofInput = /^executionData\nnodeExecutionStack\n(\d+)\ndata\nmain\n(\d+)\n\d+\njson\n(.+)$/;

/** `executionData.contextData.node:<node>.response.body.<...>.<field>`: HTTP Request stores its last answer there. */
const ofAnswer = /^executionData\ncontextData\nnode:(.+)\nresponse\nbody\n(?:\d+\n)?([^\n]+)$/;

interface Stack {
  executionData?: {
    nodeExecutionStack?: { source?: { main?: ({ previousNode: string } | null)[] } | null }[];
  };
}

function isField(path: readonly string[], outputs: Outputs, tree: unknown): boolean {
  const text = path.join('\n');
  const [, node, field] = ofOutput.exec(text) ?? ofAnswer.exec(text) ?? [];
  if (node !== undefined) return outputs[node]?.includes(field!) ?? false;
  const [, entry, input, name] = ofInput.exec(text) ?? [];
  if (name === undefined) return false;
  const stack = (tree as Stack).executionData?.nodeExecutionStack;
  const source = stack?.[Number(entry)]?.source?.main?.[Number(input)]?.previousNode;
  return source !== undefined && (outputs[source]?.includes(name) ?? false);
}
