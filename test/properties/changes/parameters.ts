import fc from 'fast-check';
import { fixed, placed, type Change } from './change';

/** Names and decoded values, in the order of an address. */
export type Parameters = readonly (readonly [name: string, value: string])[];

const oddText = fc.oneof(
  fc.string({ maxLength: 10, unit: 'binary' }),
  fc.constantFrom(
    ...['', ' ', '%', '%zz', '%00', '\0', '+', '&', '#', '?', '=', '\ud800', '\u202e', '\r\n'],
    ...['null', 'undefined', '[object Object]', '.', '..', 'a.b.c', '....', 'x'.repeat(70_000)],
    ...['<script>', '{{ $env }}', '=code', 'https://bank.example/?code=1', 'access_denied'],
  ),
);

const oddName = fc.constantFrom(
  ...['code', 'state', 'error', 'error_description', 'response', 'id_token', 'iss', 'scope'],
  ...['access_token', '__proto__', 'toString', 'Code', 'code[]', ' code', 'code ', '', 'error_uri'],
);

/** Changes one parameter into any number of them. */
function changedAt(
  parameters: Parameters,
  part: number,
  change: (name: string, value: string) => Parameters,
): Parameters {
  const at = Math.floor(part * parameters.length);
  return parameters.flatMap((parameter, index) =>
    index === at ? change(...parameter) : [parameter],
  );
}

const nothing = fc.constant(undefined);

const valueChange = (name: string, change: (value: string) => string) =>
  placed(name, nothing, (parameters: Parameters, from) =>
    changedAt(parameters, from, (of, value) => [[of, change(value)]]),
  );

/** Changes of the parameters of a redirect. */
export const parameterChange: fc.Arbitrary<Change<Parameters>> = fc.oneof(
  placed('doubled', nothing, (parameters: Parameters, from) =>
    changedAt(parameters, from, (name, value) => [
      [name, value],
      [name, value],
    ]),
  ),
  placed('doubled with another value', oddText, (parameters: Parameters, from, _to, other) =>
    changedAt(parameters, from, (name, value) => [
      [name, value],
      [name, other],
    ]),
  ),
  placed('removed', nothing, (parameters: Parameters, from) =>
    changedAt(parameters, from, () => []),
  ),
  placed('replaced', oddText, (parameters: Parameters, from, _to, other) =>
    changedAt(parameters, from, (name) => [[name, other]]),
  ),
  placed('added', fc.tuple(oddName, oddText), (parameters: Parameters, _from, _to, parameter) => [
    ...parameters,
    parameter,
  ]),
  placed('renamed', oddName, (parameters: Parameters, from, _to, other) =>
    changedAt(parameters, from, (_, value) => [[other, value]]),
  ),
  placed('values exchanged', nothing, (parameters: Parameters, from, to) => {
    const [one, other] = [from, to].map((part) => Math.floor(part * parameters.length));
    return parameters.map(([name, value], index) =>
      index === one || index === other
        ? [name, parameters[index === one ? other! : one!]![1]]
        : [name, value],
    );
  }),
  placed('cut', nothing, (parameters: Parameters, from, to) =>
    changedAt(parameters, from, (name, value) => [[name, value.slice(0, to * value.length)]]),
  ),
  valueChange('encoded', percentEncoded),
  valueChange('encoded twice', (value) => percentEncoded(percentEncoded(value))),
  valueChange('with a space', (value) => ` ${value} `),
  valueChange('in base64', (value) => Buffer.from(value).toString('base64')),
  placed(
    'a letter changed',
    fc.constantFrom(...'Aa0-_.+/= é'),
    (parameters: Parameters, from, to, by) =>
      changedAt(parameters, from, (name, value) => {
        const at = Math.floor(to * value.length);
        return [[name, value.slice(0, at) + by + value.slice(at + 1)]];
      }),
  ),
  fixed<Parameters>('reversed', (parameters) => parameters.toReversed()),
);

/** A text in percent encoding. */
export function percentEncoded(value: string): string {
  // A lone surrogate cannot be encoded.
  return encodeURIComponent(value.replace(/\p{Cs}/gu, ''));
}
