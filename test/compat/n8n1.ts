import { join } from 'node:path';
import type { RuntimeDefinition } from '../../demo/n8n/runtime';

/**
 * The newest n8n 1.x that can be installed from the npm registry, on Node.js 22.
 *
 * One of its dependencies, xlsx 0.20.2, comes from an address outside the registry. The "overrides" of its package.json put
 * the registry's own xlsx in its place: only nodes that read and write spreadsheets use it.
 */
export const n8n1: RuntimeDefinition = {
  folder: join(__dirname, 'runtime'),
  oldestNode: 22,
  requiredBytes: 2.5e9,
  disabledModules: ['chat-hub'],
};
