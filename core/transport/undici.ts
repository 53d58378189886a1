/**
 * undici, loaded without an effect on the rest of the process.
 *
 * When undici is loaded, it becomes the dispatcher of the process if there is none yet, and every `fetch` of n8n would go through this copy.
 * So Node.js, which sets its dispatcher on first use only, is made to set it before, and gets it back afterwards.
 */
const DISPATCHERS = [
  Symbol.for('undici.globalDispatcher.1'),
  Symbol.for('undici.globalDispatcher.2'),
];
const slots = globalThis as unknown as Record<symbol, unknown>;

// The first use. To empty the slot afterwards instead would leave `fetch` without a dispatcher if Node.js looked at the slot meanwhile.
void globalThis.Response;
const before = DISPATCHERS.map((name) => slots[name]);

// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would run before the lines above it
const undici = require('undici') as typeof import('undici');

DISPATCHERS.forEach((name, index) => {
  if (before[index] !== undefined && slots[name] !== before[index]) slots[name] = before[index];
});

export const { Agent, EnvHttpProxyAgent, Pool, buildConnector } = undici;
