import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import type { IDataObject } from 'n8n-workflow';

/** Calls an API like the HTTP Request node, with the client certificate of a credential and an `Authorization` header. */
export async function sendGet(
  url: string,
  credential: IDataObject,
  authorization: string,
): Promise<void> {
  const request = get(url, {
    cert: credential.transportCertificate as string,
    key: credential.transportPrivateKey as string,
    ca: credential.certificateAuthorities as string,
    headers: { authorization },
    agent: false,
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
}
