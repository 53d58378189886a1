type Undici = typeof import('undici');

const dispatcherSlots = [
  Symbol.for('undici.globalDispatcher.1'),
  Symbol.for('undici.globalDispatcher.2'),
];

let undici: Undici | undefined;

/**
 * Loads undici on first use and leaves the dispatcher of the process to Node.js:
 * on loading, undici claims that slot where it is still free, and every `fetch` of n8n would run through our copy.
 */
export function loadUndici(): Undici {
  if (undici) return undici;
  // Makes Node.js, which claims the slot on first use only, do so now. Emptying the slot afterwards instead would leave `fetch`
  // without a dispatcher, where loading undici has made Node.js look at the slot meanwhile.
  void globalThis.Response;
  const slots = globalThis as unknown as Record<symbol, unknown>;
  const before = dispatcherSlots.map((slot) => slots[slot]);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- has to happen between the lines around it
  undici = require('undici') as Undici;
  dispatcherSlots.forEach((slot, index) => {
    if (before[index] !== undefined && slots[slot] !== before[index]) slots[slot] = before[index];
  });
  return undici;
}
