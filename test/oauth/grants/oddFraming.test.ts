import { gzipSync } from 'node:zlib';
import { outputOf } from '../../support/n8n/nodeExecution';
import { json, raw, startScriptedBank, TOKENS, type Answer } from '../../support/bank/scriptedBank';
import type { ScriptedBank } from '../../support/bank/scriptedBank';

let bank: ScriptedBank;
beforeAll(async () => {
  bank = await startScriptedBank();
});
afterAll(() => bank.close());

const TEXT = JSON.stringify({ ...TOKENS, refresh_token: 'rt-2' });

/** Answers with bytes below HTTP, and closes the connection. */
function bytes(text: string): Answer {
  return (response) => response.socket!.end(text);
}

const answers: [string, Answer][] = [
  ['labelled utf-8', raw(200, TEXT, 'application/json', { 'Content-Encoding': 'utf-8' })],
  ['labelled gzip, and plain', raw(200, TEXT, 'application/json', { 'Content-Encoding': 'gzip' })],
  ['packed without a label', raw(200, gzipSync(TEXT))],
  ['cut off behind its JSON', bytes(`HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n${TEXT}`)],
  [
    'with a malformed header and another length',
    bytes(`HTTP/1.1 200 OK\r\nX Note: a\r\nContent-Length: 5\r\n\r\n${TEXT}`),
  ],
];

describe.each(['exchange', 'refresh', 'application'] as const)('%s', (operation) => {
  test.each(answers)('puts out tokens that came in an answer %s', async (_name, answer) => {
    bank.answerWith(answer);
    const task = await bank.run({ operation });
    expect(task.error).toBeUndefined();
    expect(outputOf(task)[0]!.json).toMatchObject({ access_token: 'at-1', refresh_token: 'rt-2' });
    const hints = task.hints!.map(({ message }) => message);
    expect(hints).toContainEqual(expect.stringMatching(/bank's answer/));
    expect(bank.requests).toHaveLength(1);
  });
});

test('an exchange uses a connection of its own, other requests keep theirs', async () => {
  const kept: Record<string, string | undefined> = {};
  for (const operation of ['exchange', 'refresh', 'application'] as const) {
    bank.answerWith(json(200, TOKENS));
    await bank.run({ operation });
    kept[operation] = bank.requests[0]!.headers.connection;
  }
  expect(kept).toEqual({ exchange: 'close', refresh: 'keep-alive', application: 'keep-alive' });
});
