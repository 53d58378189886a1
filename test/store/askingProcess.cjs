/**
 * A process that asks for tokens as n8n's workers do, with the built package. It is told what to do by messages, and answers each.
 */
const { openConsentTokens } = require('../../dist/core/tokens/openStores');
const { clientOf } = require('../../dist/core/oauth/client');

/** Asks for the token of each consent, so many at once. */
async function ask({ settings, consents, concurrency }) {
  const kept = openConsentTokens(await clientOf(settings), settings);
  const answers = [];
  let next = 0;
  const asker = async () => {
    while (next < consents.length) {
      const index = next++;
      const started = performance.now();
      answers[index] = await kept.valid(consents[index].consent, consents[index].options).then(
        ({ tokens, remarks }) => ({ accessToken: tokens.access_token, remarks }),
        ({ code, message, description }) => ({ code, message, description }),
      );
      answers[index].milliseconds = performance.now() - started;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, asker));
  return answers;
}

process.on('message', (order) => {
  ask(order).then(
    (answers) => process.send({ answers }),
    (error) => process.send({ failure: `${error.code} ${error.message}` }),
  );
});
process.send({ ready: true });
