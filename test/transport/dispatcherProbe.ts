/**
 * Runs in a process of its own: sends over mutual TLS, and reports whether that changed the dispatcher of the process.
 */
import type { TlsIdentity } from '../../core/transport/identity';

/** Input of the process. */
export interface ProbeTask {
  /** Address to send to over mutual TLS. */
  url: string;
  identity: TlsIdentity;
  /** Address to fetch without TLS. */
  plainUrl: string;
  /** Whether `fetch` is used first. */
  fetchFirst: boolean;
}

/** Output of the process. */
export interface ProbeReport {
  status: number;
  /** Whether a slot held a dispatcher before. */
  before: boolean;
  /** Whether each slot that held a dispatcher still holds it. */
  kept: boolean;
  fetched: string;
  /** Whether no slot holds a dispatcher of the copy that this package loads. */
  own: boolean;
}

const slots = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map(Symbol.for);
const read = () => slots.map((slot) => (globalThis as Record<symbol, unknown>)[slot]);

async function probe({ url, identity, plainUrl, fetchFirst }: ProbeTask): Promise<ProbeReport> {
  if (fetchFirst) await (await fetch(plainUrl)).text();
  const before = read();
  // Not before: loading it loads undici.
  const { send } = await import('../../core/transport/send');
  const timeouts = { connect: 5000, request: 5000 };
  const { status } = await send(
    { method: 'POST', url, headers: {}, body: 'x' },
    identity,
    timeouts,
  );
  const after = read();
  const fetched = await (await fetch(plainUrl)).text();
  const { Agent } = await import('undici');
  return {
    status,
    before: before.some((slot) => slot !== undefined),
    kept: before.every((slot, index) => slot === undefined || slot === after[index]),
    fetched,
    own: [...after, ...read()].every((slot) => !(slot instanceof Agent)),
  };
}

process.once('message', (task: ProbeTask) => {
  void probe(task).then((report) => {
    process.send!(report);
    // Kept-alive connections would keep the process from ending by itself.
    process.disconnect();
    process.exit();
  });
});
