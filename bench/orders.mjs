/** The side of a measured process: it does the work that messages order, and answers with the results. */
import { readFileSync } from 'node:fs';

/** The argument that the process was started with. Its `pem` has the content of its `files`. */
export function argument() {
  const { files, ...rest } = JSON.parse(process.argv[2]);
  const entries = Object.entries(files);
  return {
    ...rest,
    pem: Object.fromEntries(entries.map(([name, file]) => [name, readFileSync(file, 'utf8')])),
  };
}

/** Does the work that messages order, until the parent disconnects. @param works functions of names, by the name of the work */
export function takeOrders(works) {
  process.on('message', ({ work, names }) => {
    works[work](names).then(
      (result) => process.send(result),
      (error) => process.send({ failure: error.stack }),
    );
  });
  process.once('disconnect', () => process.exit());
  process.send({ ready: true });
}

/** Tokens of a consent as an exchange received them, for `ConsentTokens.keep`. @param obtainedAt milliseconds since the epoch; they live an hour */
export function receivedTokens(name, obtainedAt) {
  return {
    tokens: {
      access_token: `at-${name}`,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: `rt-${name}`,
      authorization: `Bearer at-${name}`,
      obtained_at: new Date(obtainedAt).toISOString(),
      expires_at: new Date(obtainedAt + 3_600_000).toISOString(),
      refresh_token_rotated: true,
    },
    remarks: [],
    expected: {},
  };
}
