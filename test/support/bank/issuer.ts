import { closeAfterTest } from '../servers/closing';
import { startTlsServer, type TlsServer } from '../servers/tlsServer';

/** Starts a server that publishes the metadata of a bank, until the test ends. @returns the issuer */
export async function startIssuer(tokenEndpoint: string | undefined): Promise<string> {
  const issuer: TlsServer = await startTlsServer({
    handle: (_request, response) =>
      response
        .setHeader('Content-Type', 'application/json')
        .end(JSON.stringify({ issuer: issuer.url, token_endpoint: tokenEndpoint })),
  });
  closeAfterTest(() => issuer.close());
  return issuer.url;
}
