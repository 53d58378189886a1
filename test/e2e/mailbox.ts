import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ImportableCredential } from '../../demo/examples';
import { opening } from './opened';

/** A mail server on the loopback interface, and n8n's credential for it. */
export interface Mailbox {
  /** The e-mails as they came, with their header. */
  readonly mails: string[];
  readonly credential: ImportableCredential;
}

/** Starts a server that accepts each e-mail (RFC 5321). `closeAll` ends it. */
export async function startMailbox(): Promise<Mailbox> {
  const mails: string[] = [];
  const server = createServer((socket) => receive(socket, (mail) => mails.push(mail)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  await opening(server, (own) => own.close());
  const { port } = server.address() as AddressInfo;
  const data = { user: '', password: '', host: '127.0.0.1', port, secure: false };
  const credential = { id: 'mailOfTest', name: 'Mail of the test', type: 'smtp' };
  return { mails, credential: { ...credential, data: { ...data, disableStartTls: true } } };
}

function receive(socket: Socket, onMail: (mail: string) => void): void {
  let text = '';
  let isInMail = false;
  const answer = (line: string) => socket.write(`${line}\r\n`);
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    text += chunk;
    const end = isInMail ? '\r\n.\r\n' : '\r\n';
    for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end)) {
      const part = text.slice(0, at);
      text = text.slice(at + end.length);
      if (isInMail) {
        onMail(part);
        isInMail = false;
        answer('250 OK');
      } else if (/^DATA/i.test(part)) {
        isInMail = true;
        answer('354 Go on');
      } else if (/^QUIT/i.test(part)) {
        answer('221 Bye');
        socket.end();
      } else {
        answer('250 OK');
      }
      if (isInMail) break;
    }
  });
  answer('220 mailbox');
}
