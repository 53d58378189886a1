import { gzipSync } from 'node:zlib';
import { MAXIMUM_PAGE, MEBIBYTE } from '../../core/transport/body';
import { bank, failing, GOOD, idOf, PATH, type Answer } from './answeringBank';

describe('a refusal with a body of 17 MiB', () => {
  const size = MAXIMUM_PAGE + MEBIBYTE;
  const text = 'The consent lost this permission. '.padEnd(size);
  const words = Buffer.from(text);
  const page = Buffer.from(`<html><title>Blocked by the firewall</title>${' '.repeat(size)}`);
  const sent =
    (status: number, body: Buffer, headers: Record<string, string> = {}): Answer =>
    (response) =>
      response.writeHead(status, { 'Content-Type': 'text/plain', ...headers }).end(body);
  const inChunks: Answer = (response) => {
    response.writeHead(403, { 'Content-Type': 'text/plain' }).write(words.subarray(0, 100));
    response.end(words.subarray(100));
  };

  test.each<[string, Answer, string, string]>([
    ['with its length', sent(403, words), 'api-refused', 'The consent lost this permission.'],
    ['in chunks', inChunks, 'api-refused', 'The consent lost this permission.'],
    [
      'packed',
      sent(403, gzipSync(words), { 'Content-Encoding': 'gzip' }),
      'api-refused',
      'The consent lost this permission.',
    ],
    [
      'packed, and large like that',
      sent(403, gzipSync(words, { level: 0 }), { 'Content-Encoding': 'gzip' }),
      'api-refused',
      'The consent lost this permission.',
    ],
    [
      'of a web page',
      sent(404, page, { 'Content-Type': 'text/html' }),
      'account-unknown',
      'Blocked by the firewall',
    ],
  ])('is reported as the refusal: %s', async (_name, answer, code, said) => {
    const { api, requests } = await bank([answer]);
    const error = await failing(api.get(PATH));
    expect(error).toMatchObject({ code, stage: 'api' });
    expect(error.message).toContain(said);
    expect(error.description).toContain(idOf(requests[0]!));
    expect(requests).toHaveLength(1);
  });

  test('is waited for like a short one, and the next answer is read', async () => {
    const { api, pauses } = await bank([sent(429, words, { 'Retry-After': '7' }), GOOD]);
    expect(await api.get(PATH)).toMatchObject({ status: 200 });
    expect(pauses).toEqual([7000]);
  });
});
