import type { N8nServer } from '../../demo/n8n/server';

/** Ends an n8n and its children at once, as a crash does. */
export async function kill({ child, ended }: N8nServer): Promise<void> {
  process.kill(-child.pid!, 'SIGKILL');
  await ended;
}
