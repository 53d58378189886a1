import { DemoFailure } from '../failure';
import { runN8n, type N8n, type N8nCommandResult } from './command';

/** The output of the nodes in a run, and its failure, if it failed. */
export interface Execution {
  /** The JSON of the items of each node that ran, by the node's name. */
  items: Record<string, Array<Record<string, unknown>>>;
  /** The failure that ended the run. */
  failure?: { node?: string; message: string; description?: string };
  /** The whole output of the process. */
  output: N8nCommandResult;
}

interface RawRun {
  data: {
    resultData: {
      runData: Record<
        string,
        Array<{ data?: { main?: Array<Array<{ json: Record<string, unknown> }> | null> } }>
      >;
      error?: { message: string; description?: string | null; node?: { name?: string } };
      lastNodeExecuted?: string;
    };
  };
}

/**
 * Runs a stored workflow with `n8n execute --rawOutput`.
 *
 * A failed run is a result and not an exception: see {@link Execution.failure}.
 *
 * @throws {@link DemoFailure} if n8n did not run the workflow
 */
export async function execute(n8n: N8n, workflowId: string): Promise<Execution> {
  const output = await runN8n(n8n, ['execute', `--id=${workflowId}`, '--rawOutput']);
  const run = readRun(output.stdout);
  if (!run) {
    const { code, stdout, stderr } = output;
    const [reason] = (stderr.trim() || stdout.trim()).split('\n').slice(-1);
    throw new DemoFailure(
      `n8n could not run the workflow ${workflowId}: it ended with ${code ?? 'a signal'}${reason ? `, and its last line is: ${reason.slice(0, 500)}` : ''}`,
    );
  }
  const { runData, error, lastNodeExecuted } = run.data.resultData;
  const items = Object.fromEntries(
    Object.entries(runData).map(([node, runs]) => [
      node,
      runs
        .flatMap(({ data }) => (data?.main ?? []).flat())
        .flatMap((item) => (item ? [item.json] : [])),
    ]),
  );
  if (!error) return { items, output };
  const { message, description } = error;
  const node = error.node?.name ?? lastNodeExecuted;
  return { items, failure: { node, message, description: description ?? undefined }, output };
}

/** Checks that a run succeeded. @throws {@link DemoFailure} with the node and its message if it failed */
export function requireSuccess({ failure }: Execution): void {
  if (!failure) return;
  const { node, message, description } = failure;
  throw new DemoFailure(
    `The workflow stopped at "${node}": ${message}${description ? ` (${description})` : ''}`,
  );
}

/** The run in n8n's output: formatted JSON between lines of its log. */
export function readRun(stdout: string): RawRun | undefined {
  const lines = stdout.split(/\r?\n/);
  const first = lines.indexOf('{');
  const last = lines.indexOf('}', first);
  if (first < 0 || last < 0) return undefined;
  return JSON.parse(lines.slice(first, last + 1).join('\n')) as RawRun;
}
