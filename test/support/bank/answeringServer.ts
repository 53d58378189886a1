import { raw, type Answer } from './scriptedBank';
import { startTlsServer, type TlsServer } from '../servers/tlsServer';

/** A server with given answers. */
export interface AnsweringServer extends TlsServer {
  /** By path; other paths are answered with 404. */
  answers: Record<string, Answer>;
}

/** Opens the server. */
export async function startAnsweringServer(): Promise<AnsweringServer> {
  const answers: AnsweringServer['answers'] = {};
  const server = await startTlsServer({
    handle: (request, response) => {
      const answer = answering.answers[request.url] ?? raw(404, '');
      answer(response, request, new URLSearchParams(request.body));
    },
  });
  const answering: AnsweringServer = { ...server, answers };
  return answering;
}
