import { raw, type Answer } from './scriptedBank';
import { startTlsServer, type TlsServer } from './tlsServer';

/** A server that answers as it is told. */
export interface AnsweringServer extends TlsServer {
  /** By path; what is asked beside it is not found. */
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
