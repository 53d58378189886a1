/**
 * Script of a separate process with an active subscription of the built package. It polls again and again, "processes" what it is given by
 * appending it to a file, and then commits. The bank is a file with rows.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const built = require('../../../dist/behind.js');

const { Subscription } = built['core/accounts/subscription/subscription']();
const { clientOf } = built['core/oauth/client']();
const { openSyncMemory } = built['core/sync/openSyncMemory']();
const { openConsentTokens } = built['core/tokens/openStores']();

const PAUSE = 5;

process.once('message', ({ settings, ledger, log, batch }) => {
  run(settings, ledger, log, batch).catch((error) => {
    process.send({ failure: `${error.code ?? ''} ${error.message}` });
  });
});
process.on('disconnect', () => process.exit());
process.send('ready');

async function run(settings, ledger, log, batch) {
  const client = await clientOf(settings);
  const sync = openSyncMemory(client, settings);
  const note = (line) => appendFileSync(log, `${JSON.stringify(line)}\n`);
  const options = {
    ...{ subscriber: 'w/n', withPending: false, start: { from: '2020-01-01' } },
    ...{ windowDays: 14, wideDays: 45, maximumRows: batch, maximumOpen: 10, deadline: 60_000 },
  };
  const source = () => ({ get: async (path) => answerOf(path, readFileSync(ledger, 'utf8')) });
  const subscription = new Subscription(
    client,
    { tokens: openConsentTokens(client, settings), sync },
    options,
    {},
    { source },
  );
  const receive = (handOver) => {
    const ids = handOver.items.map(
      ({ account_key, transaction_id }) => `${account_key} ${transaction_id}`,
    );
    note({ at: 'executed', id: handOver.id, ids });
    void handOver
      .committed()
      .then(() => note({ at: 'committed', id: handOver.id }))
      .then(() => subscription.handWaiting(receive));
  };
  process.send('polling');
  for (;;) {
    await subscription.poll(['c'], receive);
    note({ at: 'polled', rows: JSON.parse(readFileSync(ledger, 'utf8')).length });
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

/** The bank: accounts, and the rows of the ledger. */
function answerOf(path, ledger) {
  const rows = JSON.parse(ledger);
  const accounts = ['A-0', 'A-1', 'A-2', 'A-3'].map((AccountId) => ({ AccountId }));
  const own = rows.filter(({ AccountId }) => path.includes(`/${AccountId}/`));
  const data = path === '/accounts' ? { Account: accounts } : { Transaction: own };
  return {
    ...{ status: 200, headers: { 'content-type': 'application/json' } },
    body: Buffer.from(JSON.stringify({ Data: data })),
    ...{ url: `https://bank.example/aisp${path}`, interactionId: 'i' },
  };
}
