import { owner } from '../../demo/n8n/owner';

/** An execution of a published workflow, as n8n has stored it. */
export interface StoredExecution {
  id: string;
  status: string;
  /** The JSON of the items of each node that ran, by the node's name and the index of its output. */
  items: Record<string, Record<string, unknown>[][]>;
  /** The failure that ended it. */
  failure?: { node?: string; message: string; description?: string };
  /** The whole execution, as text. */
  stored: string;
}

interface RunData {
  resultData: {
    runData: Record<string, { data?: { main?: ({ json: Record<string, unknown> }[] | null)[] } }[]>;
    error?: { message: string; description?: string; node?: { name: string } };
  };
}

/**
 * Waits until a workflow has so many executions that have ended, and returns them, the oldest first.
 *
 * @param url of n8n
 */
export async function endedExecutions(
  url: string,
  workflowId: string,
  count: number,
): Promise<StoredExecution[]> {
  const login = await fetch(`${url}/rest/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ emailOrLdapLoginId: owner.email, password: owner.password }),
  });
  const cookie = login.headers.getSetCookie().map((line) => line.split(';')[0]!);
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${url}/rest/${path}`, {
      headers: { cookie: cookie.join('; ') },
    });
    return ((await response.json()) as { data: T }).data;
  };
  const filter = encodeURIComponent(JSON.stringify({ workflowId }));
  for (const end = Date.now() + 30_000; ;) {
    const { results } = await get<{ results: { id: string; status: string }[] }>(
      `executions?filter=${filter}`,
    );
    const ended = results.filter(({ status }) => !['new', 'running', 'waiting'].includes(status));
    if (ended.length >= count) {
      const ids = ended.map(({ id }) => id).sort((one, other) => Number(one) - Number(other));
      return Promise.all(
        ids.map(async (id) =>
          read(await get<{ id: string; status: string; data: string }>(`executions/${id}`)),
        ),
      );
    }
    if (Date.now() > end) throw new Error(`Of ${workflowId} there are ${JSON.stringify(results)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function read({ id, status, data }: { id: string; status: string; data: string }): StoredExecution {
  const { runData, error } = (unflatten(data) as RunData).resultData;
  const items = Object.fromEntries(
    Object.entries(runData).map(([node, [run]]) => [
      node,
      (run?.data?.main ?? []).map((output) => (output ?? []).map(({ json }) => json)),
    ]),
  );
  if (!error) return { id, status, items, stored: data };
  const { message, description, node } = error;
  return { id, status, items, failure: { node: node?.name, message, description }, stored: data };
}

/** Reads n8n's format of stored executions: a list of values, in which a text is the index of another value. */
export function unflatten(text: string): unknown {
  const values = JSON.parse(text) as unknown[];
  const made = new Map<string, unknown>();
  const at = (index: string): unknown => {
    if (made.has(index)) return made.get(index);
    const value = values[Number(index)];
    if (typeof value !== 'object' || value === null) return value;
    const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
    made.set(index, copy);
    for (const [key, part] of Object.entries(value)) {
      (copy as Record<string, unknown>)[key] = typeof part === 'string' ? at(part) : part;
    }
    return copy;
  };
  return at('0');
}
