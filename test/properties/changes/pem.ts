import fc from 'fast-check';
import { fixed, placed, type Change } from './change';

/** Changes the content between the lines BEGIN and END. */
const body = (pem: string, change: (base64: string) => string): string =>
  pem.replace(/(-----BEGIN [^-]+-----)([^-]*)(-----END)/g, (_, begin, base64: string, end) =>
    [begin, change(base64), end].join(''),
  );

const wrapped = (text: string, columns: number): string =>
  text.replace(/\s/g, '').replace(new RegExp(`.{1,${columns}}`, 'g'), '$&\n');

/** Changes that people and their programs make to PEM. */
export const pemChange: fc.Arbitrary<Change<string>> = fc.oneof(
  fixed<string>('en dashes', (pem) => pem.replaceAll('--', '–')),
  fixed<string>('em dashes', (pem) => pem.replaceAll('-----', '—')),
  fixed<string>('one dash too few', (pem) => pem.replaceAll('-----', '----')),
  fixed<string>('spaces for line breaks', (pem) => pem.replaceAll('\n', ' ')),
  fixed<string>('no line breaks', (pem) => pem.replaceAll('\n', '')),
  fixed<string>('Windows line ends', (pem) => pem.replaceAll('\n', '\r\n')),
  fixed<string>('line ends of old Macs', (pem) => pem.replaceAll('\n', '\r')),
  fixed<string>('line breaks written out', (pem) => pem.replaceAll('\n', '\\n')),
  fixed<string>('line breaks written out twice', (pem) => pem.replaceAll('\n', '\\\\r\\\\n')),
  fixed<string>('without BEGIN', (pem) => pem.replace(/-----BEGIN [^-]+-----\n?/, '')),
  fixed<string>('without END', (pem) => pem.replace(/-----END [^-]+-----\n?/, '')),
  fixed<string>('without both lines', (pem) => pem.replace(/-----[^-]+-----\n?/g, '')),
  fixed<string>('another kind', (pem) => pem.replace(/PRIVATE KEY/g, 'RSA PRIVATE KEY')),
  fixed<string>('a wrong kind', (pem) => pem.replace(/(BEGIN|END) [A-Z ]+/g, '$1 CERTIFICATE')),
  fixed<string>('lower case', (pem) =>
    pem.replace(/-----[^-]+-----/g, (line) => line.toLowerCase()),
  ),
  fixed<string>('indented', (pem) => pem.replace(/^/gm, '    ')),
  fixed<string>('quoted lines of a mail', (pem) => pem.replace(/^/gm, '> ')),
  fixed<string>('empty lines', (pem) => pem.replaceAll('\n', '\n\n')),
  fixed<string>('soft hyphens', (pem) =>
    body(pem, (base64) => base64.replaceAll('\n', '\u00ad\n')),
  ),
  fixed<string>('no-break spaces', (pem) => pem.replaceAll(' ', '\u00a0')),
  fixed<string>('a byte order mark', (pem) => `\ufeff${pem}`),
  fixed<string>('UTF-16', (pem) => pem.replace(/./g, '$&\0')),
  fixed<string>('base64url', (pem) =>
    body(pem, (base64) => base64.replaceAll('+', '-').replaceAll('/', '_')),
  ),
  fixed<string>('without padding', (pem) => body(pem, (base64) => base64.replaceAll('=', ''))),
  fixed<string>('bag attributes', (pem) => `Bag Attributes\n    friendlyName: key\n${pem}`),
  fixed<string>('a PEM twice', (pem) => `${pem}\n${pem}`),
  fixed<string>('in JSON', (pem) => JSON.stringify({ pem })),
  fixed<string>('in a shell variable', (pem) => `export KEY='${pem}'`),
  fixed<string>('in YAML', (pem) => `key: |\n${pem.replace(/^/gm, '  ')}`),
  fixed<string>('in base64', (pem) => Buffer.from(pem).toString('base64')),
  fixed<string>('in base64 of 76 columns', (pem) =>
    wrapped(Buffer.from(pem).toString('base64'), 76),
  ),
  placed(
    'wrapped',
    fc.constantFrom(1, 20, 63, 65, 76, 77, 4000),
    (pem: string, _from, _to, columns) => body(pem, (base64) => `\n${wrapped(base64, columns)}`),
  ),
  placed('a line removed', fc.constant(undefined), (pem: string, from) => {
    const lines = pem.split('\n');
    return lines.toSpliced(Math.floor(from * lines.length), 1).join('\n');
  }),
  placed('a line doubled', fc.constant(undefined), (pem: string, from) => {
    const lines = pem.split('\n');
    const at = Math.floor(from * lines.length);
    return lines.toSpliced(at, 0, lines[at]!).join('\n');
  }),
  placed('a line moved', fc.constant(undefined), (pem: string, from, to) => {
    const lines = pem.split('\n');
    const [line] = lines.splice(Math.floor(from * lines.length), 1);
    lines.splice(Math.floor(to * lines.length), 0, line!);
    return lines.join('\n');
  }),
);
