/**
 * A process that polls as the trigger does, with the built package. A message orders some work, and it answers with the result.
 *
 * It is plain JavaScript, so that Node.js loads it without a compiler.
 */
import { argument, receivedTokens, takeOrders } from '../../orders.mjs';
import { built, packageSettings } from '../library/package.mjs';

const { keeping, accountApiUrl, ...bank } = argument();
const settings = { ...packageSettings(bank), accountApiUrl, ...keeping };
const { clientOf } = built('core/oauth/client');
const { openConsentTokens } = built('core/tokens/openStores');
const { openSyncMemory } = built('core/sync/openSyncMemory');
const { Subscription } = built('core/accounts/subscription/subscription');

const client = await clientOf(settings);
const tokens = openConsentTokens(client, settings);
const sync = openSyncMemory(client, settings);

const subscription = new Subscription(
  client,
  { tokens, sync },
  {
    ...{ subscriber: 'bench/poll', withPending: false, start: 'now' },
    ...{ windowDays: 14, wideDays: 45, maximumRows: 1000, maximumOpen: 10, deadline: 3_600_000 },
  },
);

/** The work that a message may order, by its name. */
const works = {
  /** Stores tokens of each consent, which are valid for an hour. */
  async keep(names) {
    for (let next = 0; next < names.length; next += 32) {
      const some = names.slice(next, next + 32);
      await Promise.all(some.map((name) => tokens.keep(name, receivedTokens(name, Date.now()))));
    }
    return {};
  },

  /** Polls all consents once. */
  async poll(names) {
    let items = 0;
    const cpuBefore = process.cpuUsage();
    const started = performance.now();
    const { failures } = await subscription.poll(names, (handOver) => {
      items += handOver.items.length;
      void handOver.committed();
    });
    const milliseconds = performance.now() - started;
    const { user, system } = process.cpuUsage(cpuBefore);
    if (failures.length > 0) throw failures[0].error;
    globalThis.gc();
    const mebibytes = process.memoryUsage().heapUsed / 2 ** 20;
    return { milliseconds, cpuSeconds: (user + system) / 1e6, items, mebibytes };
  },
};

takeOrders(works);
