import { destroyAgents } from '../../../core/transport/agents';

/** Does work while no server can be reached: all connections go through a proxy that is not there. */
export async function whileUnreachable<Result>(work: () => Promise<Result>): Promise<Result> {
  const { NO_PROXY, no_proxy, HTTPS_PROXY } = process.env;
  Object.assign(process.env, { NO_PROXY: '', no_proxy: '', HTTPS_PROXY: 'http://localhost:1' });
  // Open connections would still be used.
  await destroyAgents();
  try {
    return await work();
  } finally {
    await destroyAgents();
    Object.assign(process.env, { NO_PROXY, no_proxy });
    if (HTTPS_PROXY === undefined) delete process.env.HTTPS_PROXY;
    else process.env.HTTPS_PROXY = HTTPS_PROXY;
  }
}
