import fc from 'fast-check';
import { placed, type Change } from './change';

const at = (bytes: Buffer, part: number) => Math.floor(part * bytes.length);

/** A copy with one byte changed. */
function withByte(bytes: Buffer, part: number, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[at(bytes, part)] = change(copy[at(bytes, part)]!);
  return copy;
}

/** Changes of bytes of any kind. */
export const byteChange: fc.Arbitrary<Change<Buffer>> = fc.oneof(
  { weight: 4, arbitrary: placed('a bit flipped', fc.nat(7), flipBit) },
  {
    weight: 2,
    arbitrary: placed('a byte set', fc.nat(255), (bytes: Buffer, from, _to, value) =>
      withByte(bytes, from, () => value),
    ),
  },
  placed('cut off', fc.constant(undefined), (bytes: Buffer, from) =>
    bytes.subarray(0, at(bytes, from)),
  ),
  placed('a part removed', fc.constant(undefined), (bytes: Buffer, from, to) =>
    Buffer.concat([bytes.subarray(0, at(bytes, from)), bytes.subarray(at(bytes, to))]),
  ),
  placed('a part repeated', fc.integer({ min: 2, max: 20 }), (bytes: Buffer, from, to, times) =>
    Buffer.concat([
      bytes.subarray(0, at(bytes, from)),
      ...Array.from({ length: times }, () => bytes.subarray(at(bytes, from), at(bytes, to))),
      bytes.subarray(at(bytes, to)),
    ]),
  ),
  placed('inserted', fc.uint8Array({ maxLength: 12 }), (bytes: Buffer, from, _to, inserted) =>
    Buffer.concat([bytes.subarray(0, at(bytes, from)), inserted, bytes.subarray(at(bytes, from))]),
  ),
);

function flipBit(bytes: Buffer, from: number, _to: number, bit: number): Buffer {
  return withByte(bytes, from, (byte) => byte ^ (1 << bit));
}
