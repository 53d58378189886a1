import { randomUUID } from 'node:crypto';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Endpoint } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import { send } from '../../transport/send';
import { limitTime, type EndLimit } from '../../transport/timeLimit';

/** Milliseconds without an answer, from the handshake on, after which no refusal of the certificate is on its way any more. */
const QUIET = 2000;

/**
 * Whether TLS to the account API stands with the client certificate. It asks for the accounts without a token, so every HTTP status is a
 * proof.
 *
 * @returns `false` if that is not certain: the server says nothing, or closes the connection after the handshake
 * @throws OpenBankingError of the stages `tls` and `request`
 */
export async function reachesAccountApi(
  { identity, accountApiHeaders, financialId, timeouts }: Profile,
  { url, source, reach }: Endpoint,
): Promise<boolean> {
  const quiet = Math.min(timeouts.request, QUIET);
  let endQuiet: EndLimit | undefined;
  let calls = 0;
  try {
    return await new Promise<boolean>((done, fail) => {
      // The second call means that a connection stands, see `HttpRequest`.
      const beforeHandOver = () => {
        calls++;
        if (calls === 2) endQuiet = limitTime(quiet, () => done(false));
      };
      const headers = {
        ...accountApiHeaders,
        Accept: 'application/json',
        'Cache-Control': 'no-cache',
        'x-fapi-interaction-id': randomUUID(),
        ...(financialId !== undefined && { 'x-fapi-financial-id': financialId }),
      };
      const request = {
        ...{ method: 'GET' as const, url: `${url}/accounts`, source, reach },
        ...{ headers, beforeHandOver },
      };
      const limits = { connect: timeouts.connect, request: timeouts.connect + quiet };
      send(request, identity, limits).then(() => done(true), fail);
    });
  } catch (error) {
    if (!(error instanceof OpenBankingError)) throw error;
    if (error.stage === 'response') return true;
    if (error.stage === 'request' && error.outcome === 'unknown') return false;
    throw error;
  } finally {
    endQuiet?.();
  }
}
