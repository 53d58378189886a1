import { FIN, answer, head, type Ending, type Fault, type Step } from './fault';

const ends = ['FIN', 'RST', 'silence'] as const;

/** Where the bytes of a usual answer are cut: a share of its head or of its body. */
const cuts: [place: string, share: (head: number, body: number) => number, ending: Ending][] = [
  ['before the first byte', () => 0, 'unknown'],
  ['after the first byte', () => 1, 'unknown'],
  ['within the status line', () => 11, 'unknown'],
  ['within a header', (head) => head - 20, 'unknown'],
  ['within the end of the headers', (head) => head - 2, 'unknown'],
  ['after the headers', (head) => head, 'unknown'],
  ['after the first byte of the body', (head) => head + 1, 'unknown'],
  ['within the body', (head, body) => head + Math.floor(body / 2), 'unknown'],
  ['before the last byte', (head, body) => head + body - 1, 'unknown'],
  ['after the last byte', (head, body) => head + body, 'tokens'],
];

const inTwoParts = (bytes: Buffer, at: number, pause: number): Step[] => [
  bytes.subarray(0, at),
  { pause },
  bytes.subarray(at),
];

/** Milliseconds after which an answer comes too late for the client, also if this process stands still for two seconds. */
const TOO_LATE = 5_500;

/** Connections that end at each place of an answer and of a request, and answers in pieces. */
export const connections: readonly Fault[] = [
  ...cuts.flatMap(([place, share, ending]) =>
    ends.map((end): Fault => ({
      title: `ends the answer ${place} (${end})`,
      ends: ending,
      steps: ({ json }) => {
        const bytes = answer(200, json);
        const body = Buffer.byteLength(json);
        return [bytes.subarray(0, share(bytes.length - body, body)), { end }];
      },
    })),
  ),
  ...ends.flatMap((end): Fault[] => [
    {
      title: `ends the connection after the handshake (${end})`,
      ends: 'unknown',
      begins: 'handshake',
      steps: () => [{ end }],
    },
    {
      title: `ends the connection after the headers of the request (${end})`,
      ends: 'unknown',
      begins: 'request headers',
      steps: () => [{ end }],
    },
    {
      title: `ends the connection after 20 bytes of the request (${end})`,
      ends: 'unknown',
      begins: { requestBytes: 20 },
      steps: () => [{ end }],
    },
  ]),
  {
    title: 'answers after the headers of the request',
    ends: 'tokens',
    begins: 'request headers',
    steps: ({ json }) => [answer(200, json)],
  },
  {
    title: 'answers after the headers of the request, and closes',
    ends: 'tokens',
    begins: 'request headers',
    steps: ({ json }) => [answer(200, json, { Connection: 'close' }), { pause: 50 }, FIN],
  },
  {
    title: 'answers with 413 after the headers of the request',
    ends: 'unreadable',
    begins: 'request headers',
    steps: () => [answer(413, '', { Connection: 'close' }), { pause: 50 }, FIN],
  },
  {
    title: 'answers with 503 before the request',
    ends: 'unknown',
    begins: 'handshake',
    steps: () => [answer(503, ''), { pause: 50 }, FIN],
  },
  ...[1, 9, 40].map((at): Fault => ({
    title: `waits after ${at} bytes of the answer`,
    ends: 'tokens',
    steps: ({ json }) => inTwoParts(answer(200, json), at, 300),
  })),
  {
    title: 'waits within the body',
    ends: 'tokens',
    steps: ({ json }) => inTwoParts(answer(200, json), answer(200, json).length - 9, 300),
  },
  {
    title: 'sends the answer byte by byte',
    ends: 'tokens',
    steps: ({ json }) => [...answer(200, json)].map((byte) => Buffer.from([byte])),
  },
  {
    title: 'drips so slowly that the time is over',
    ends: 'unknown',
    steps: ({ json }) =>
      [...answer(200, json)].flatMap((byte): Step[] => [Buffer.from([byte]), { pause: 100 }]),
  },
  {
    title: 'answers when the time is over',
    ends: 'unknown',
    mayBeLost: true,
    steps: ({ json }) => [{ pause: TOO_LATE }, answer(200, json)],
  },
  {
    title: 'begins its answer and answers when the time is over',
    ends: 'unknown',
    mayBeLost: true,
    steps: ({ json }) => [head(200), { pause: TOO_LATE }, json, FIN],
  },
  {
    title: 'sends headers of 12 KiB',
    ends: 'tokens',
    steps: ({ json }) => [answer(200, json, { 'Set-Cookie': 'x'.repeat(12 * 1024) })],
  },
  {
    title: 'sends headers of 200 KiB',
    ends: 'tokens',
    steps: ({ json }) => [answer(200, json, { 'Set-Cookie': 'x'.repeat(200 * 1024) })],
  },
  {
    title: 'sends 100 headers',
    ends: 'tokens',
    steps: ({ json }) => [
      answer(200, json, Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`X-${n}`, '1']))),
    ],
  },
];
