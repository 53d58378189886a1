import { refusal, type Fault } from './fault';

/** The date so many seconds from now. */
const date = (seconds: number) => new Date(Date.now() + seconds * 1000);

const asctime = (at: Date) => {
  const [, week, day = '', month, year, time] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${week} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
};

/** Values of `Retry-After` (RFC 9110 §10.2.3): their text, and the seconds to wait, of which five minutes count. */
const values: [name: string, value: () => string | undefined, seconds?: number][] = [
  ['no Retry-After', () => undefined],
  ['Retry-After of 20', () => '20', 20],
  ['Retry-After of 120', () => '120', 120],
  ['Retry-After of 300', () => '300', 300],
  ['Retry-After of 3600', () => '3600', 300],
  ['Retry-After of 99999999999', () => '99999999999', 300],
  ['Retry-After with spaces', () => '  120 ', 120],
  ['Retry-After of 0', () => '0'],
  ['Retry-After of -1', () => '-1'],
  ['Retry-After of 1.5', () => '1.5'],
  ['Retry-After without a value', () => ''],
  ['Retry-After of "soon"', () => 'soon'],
  ['Retry-After as a date', () => date(120).toUTCString(), 119],
  ['Retry-After as a date tomorrow', () => date(86_400).toUTCString(), 299],
  ['Retry-After as a date in the past', () => date(-120).toUTCString()],
  ['Retry-After as a date of asctime', () => asctime(date(120)), 119],
];

/** A bank that limits requests or is busy, with each form of `Retry-After`. */
export const limits: readonly Fault[] = [429, 503].flatMap((status) => [
  ...values.map(([name, value, waits]): Fault => {
    const of = (): Record<string, string> => {
      const given = value();
      return given === undefined ? {} : { 'Retry-After': given };
    };
    const ends = status === 429 ? 'limited' : 'unknown';
    const text = status === 429 ? { error: 'slow_down' } : { error: 'temporarily_unavailable' };
    const fault: Fault = {
      title: '',
      ends,
      steps: () => refusal('', ends, status, text, of()).steps!(undefined!),
    };
    return {
      ...fault,
      title: `answers with status ${status} and ${name}`,
      ...(waits && { waits }),
    };
  }),
  refusal(
    `answers with status ${status} and an empty body`,
    status === 429 ? 'limited' : 'unknown',
    status,
  ),
  refusal(
    `answers with status ${status} and a web page`,
    status === 429 ? 'limited' : 'unknown',
    status,
    '<html/>',
    { 'Content-Type': 'text/html' },
  ),
  refusal(
    `answers with status ${status} and "invalid_grant"`,
    status === 429 ? 'limited' : 'unknown',
    status,
    { error: 'invalid_grant' },
  ),
]);
