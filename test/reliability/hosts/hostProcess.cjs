/**
 * Script of a separate process that works with the built package, as n8n does. Each message names a method and its parameters; the answer
 * has the same ID. The process ends with its parent.
 */
const built = require('../../../dist/behind.js');

const { openConsentTokens } = built['core/tokens/openStores']();
const { clientOf } = built['core/oauth/client']();

async function open(settings) {
  return openConsentTokens(await clientOf(settings), settings);
}

/** The result of one consent. */
async function valid(tokens, consent, options) {
  try {
    const { tokens: set, remarks } = await tokens.valid(consent, options);
    return { accessToken: set.access_token, remarks };
  } catch ({ code, outcome, message }) {
    return { code: code ?? 'no code', outcome, message };
  }
}

const methods = {
  /** Loads what the first call needs. */
  warm: async (settings) => void (await open(settings)),
  valid: async (settings, consent, options) => valid(await open(settings), consent, options),
  /** Asks for all consents at the same time. */
  validAll: async (settings, consents, options) => {
    const tokens = await open(settings);
    return Promise.all(consents.map((consent) => valid(tokens, consent, options)));
  },
  /** Stores tokens as an exchange does. */
  keepAll: async (settings, sets) => {
    const tokens = await open(settings);
    const kept = Object.entries(sets).map(([consent, set]) =>
      tokens.keep(consent, { tokens: set, remarks: [], expected: {} }),
    );
    return (await Promise.all(kept)).filter(
      ({ isWaiting, failedCheck }) => isWaiting || failedCheck,
    ).length;
  },
  /** The stored access token, valid or not. */
  stored: async (settings, consent) => (await (await open(settings)).stored(consent)).access_token,
  list: async (settings) => (await (await open(settings)).list()).map(({ consent }) => consent),
  forget: async (settings, consent) => (await open(settings)).forget(consent),
};

process.on('message', ({ id, method, given }) => {
  methods[method](...given).then(
    (result) => process.send({ id, result }),
    ({ code, message }) => process.send({ id, failure: { code, message } }),
  );
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
