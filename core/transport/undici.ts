/**
 * undici, loaded without an effect on the rest of the process.
 *
 * When undici is loaded, it becomes the dispatcher of the process if there is none yet. Then every `fetch` of n8n would use this copy.
 * Node.js sets its own dispatcher on first use, so this file causes that first use, loads undici, and restores the dispatcher of Node.js.
 */
const DISPATCHERS = [
  Symbol.for('undici.globalDispatcher.1'),
  Symbol.for('undici.globalDispatcher.2'),
];
const slots = globalThis as unknown as Record<symbol, unknown>;

// The first use. If this file emptied the slot afterwards instead, `fetch` could find it empty and fail.
void globalThis.Response;
const before = DISPATCHERS.map((name) => slots[name]);

// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would run before the lines above it
const undici = require('undici') as typeof import('undici');

DISPATCHERS.forEach((name, index) => {
  if (before[index] !== undefined && slots[name] !== before[index]) slots[name] = before[index];
});

export const { Agent, Client, Pool, buildConnector } = undici;
