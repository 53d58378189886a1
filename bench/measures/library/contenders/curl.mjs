/** A new process of curl for each token, as the documentation of banks shows. Assertions are signed before the clock starts. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { refreshForm, signer } from '../assertion.mjs';

const run = promisify(execFile);

/**
 * Runs a command. An error of `execFile` contains the command line, and with it the assertion and the refresh token. So this function
 * throws another error.
 */
async function runQuietly(command, args) {
  try {
    return await run(command, args);
  } catch ({ code, signal, stderr = '' }) {
    throw new Error(`${command} ended with ${signal ?? code}: ${stderr.trim()}`);
  }
}

export function prepare(order) {
  const { tokenEndpoint, files } = order;
  const sign = signer(order);
  let signed = [];
  return {
    async beforeRound(count) {
      signed = await Promise.all(Array.from({ length: count }, sign));
    },
    async token(refreshToken) {
      const form = new URLSearchParams(refreshForm(order, refreshToken, signed.pop()));
      const { stdout } = await runQuietly('curl', [
        // Ignores the settings and the proxy of the user.
        ...['-q', '--noproxy', '*'],
        ...['--silent', '--show-error', '--fail', '-X', 'POST', tokenEndpoint],
        ...[
          '-H',
          'Content-Type: application/x-www-form-urlencoded',
          '-H',
          'cache-control: no-cache',
        ],
        ...['--cacert', files.certificateAuthority],
        ...['--cert', files.clientCertificate, '--key', files.clientKey],
        ...['-d', form.toString()],
      ]);
      return JSON.parse(stdout).access_token;
    },
  };
}
