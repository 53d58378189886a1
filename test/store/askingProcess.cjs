/**
 * Script of a separate process that asks for tokens with the built package, as n8n's workers do. A message tells it for which consents; it
 * answers each message with the tokens.
 */
const built = require('../../dist/behind.js');

const { openConsentTokens } = built['core/tokens/openStores']();
const { clientOf } = built['core/oauth/client']();

/** Asks for the token of each consent, with `concurrency` requests at the same time. */
async function ask({ settings, consents, concurrency }) {
  const consentTokens = openConsentTokens(await clientOf(settings), settings);
  const answers = [];
  let next = 0;
  const asker = async () => {
    while (next < consents.length) {
      const index = next++;
      const started = performance.now();
      answers[index] = await consentTokens
        .valid(consents[index].consent, consents[index].options)
        .then(
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
