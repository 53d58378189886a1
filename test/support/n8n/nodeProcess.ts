/** Script of a separate process: runs the node with the received settings, and sends the result. */
import { outputOf, runNode, type NodeRun } from './nodeExecution';

/** The result of a run of the node. */
export interface NodeReport {
  items: Record<string, unknown>[];
  error?: { message: string; description?: string | null };
  hints: string[];
}

async function reportOf(run: NodeRun): Promise<NodeReport> {
  const task = await runNode(run);
  const { message, description } = task.error ?? {};
  return {
    items: outputOf(task).map(({ json }) => json),
    ...(message !== undefined && { error: { message, description } }),
    hints: (task.hints ?? []).map((hint) => hint.message),
  };
}

process.on('message', (run: NodeRun) => {
  void reportOf(run).then(
    (report) => process.send!(report),
    (error: Error) => process.send!({ items: [], hints: [], error: { message: String(error) } }),
  );
});
