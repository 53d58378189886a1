import fc from 'fast-check';
import { placed, type Change } from './change';

/** An element of DER (X.690 §8.1). Lengths are written from the content, unless one is given. */
interface Element {
  readonly tag: number;
  readonly content: Buffer | Element[];
  /** Bytes in the place of the length. */
  readonly length?: Buffer;
}

const OCTET_STRING = 0x04;
const BIT_STRING = 0x03;
const INTEGER = 0x02;

/** Reads elements. Octet strings that contain DER again are read, too, as PKCS#8 and PKCS#12 have them. @returns `undefined` if it is no DER */
function elementsIn(bytes: Buffer, depth = 0): Element[] | undefined {
  const elements: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at]!;
    const first = bytes[at + 1];
    if (first === undefined || depth > 30) return undefined;
    const digits = first < 0x80 ? 0 : first & 0x7f;
    if (digits > 4 || first === 0x80 || at + 2 + digits > bytes.length) return undefined;
    const length = digits === 0 ? first : bytes.readUIntBE(at + 2, digits);
    const start = at + 2 + digits;
    if (start + length > bytes.length) return undefined;
    const content = bytes.subarray(start, start + length);
    const isConstructed = (tag & 0x20) !== 0;
    const inner =
      isConstructed || (tag === OCTET_STRING && content[0] === 0x30)
        ? elementsIn(content, depth + 1)
        : undefined;
    elements.push({ tag, content: inner ?? content });
    at = start + length;
  }
  return elements;
}

function bytesOf({ tag, content, length }: Element): Buffer {
  const bytes = Array.isArray(content) ? Buffer.concat(content.map(bytesOf)) : content;
  return Buffer.concat([Buffer.from([tag]), length ?? lengthOf(bytes.length), bytes]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const digits = length.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

const isInteger = ({ tag, content }: Element) => tag === INTEGER && content.length <= 4;

/** Changes one element, counted in the order in which the elements are written. The lengths around it stay right. */
function changedAt(
  der: Buffer,
  part: number,
  change: (element: Element) => Element[],
  isMeant: (element: Element) => boolean = () => true,
): Buffer {
  const elements = elementsIn(der);
  if (!elements) return der;
  const count = (all: readonly Element[]): number =>
    all.reduce((sum, element) => {
      const inner = Array.isArray(element.content) ? count(element.content) : 0;
      return sum + (isMeant(element) ? 1 : 0) + inner;
    }, 0);
  let left = Math.floor(part * count(elements));
  const visit = (element: Element): Element[] => {
    if (isMeant(element) && left-- === 0) return change(element);
    const { content } = element;
    return [Array.isArray(content) ? { ...element, content: content.flatMap(visit) } : element];
  };
  return Buffer.concat(elements.flatMap(visit).map(bytesOf));
}

/** Numbers of rounds: few, none, negative, and more than any machine can do. */
const oddInteger = fc.constantFrom(
  ...['00', '01', '7f', 'ff', '80', '0400', '0800', '2710', '7fffffff', '00ffffffff'],
  ...['7fffffffffffffff', '00'.repeat(20), 'ff'.repeat(9), `7f${'ff'.repeat(300)}`, ''],
);

/** Numbers of rounds that take long. Each may use up the CPU that a case has, so they are rare. */
const largeInteger = fc.constantFrom(
  '0186a0',
  '0927c0',
  '0f4240',
  '4c4b40',
  '00989680',
  '02faf080',
);

const tag = fc.oneof(
  fc.nat(255),
  fc.constantFrom(
    INTEGER,
    BIT_STRING,
    OCTET_STRING,
    0x05,
    0x06,
    0x0c,
    0x1e,
    0x30,
    0x31,
    0xa0,
    0x80,
  ),
);

const length = fc.constantFrom(
  ...[
    '00',
    '01',
    '7f',
    '80',
    '8100',
    '8101',
    '820000',
    '84ffffffff',
    '847fffffff',
    '88'.padEnd(18, 'f'),
  ],
  ...['ff', '82ffff', '8400000001'],
);

const nothing = fc.constant(undefined);

/** Changes of DER that leave most of its structure as it was. */
export const derChange: fc.Arbitrary<Change<Buffer>> = fc.oneof(
  placed('a tag', tag, (der: Buffer, from, _to, other) =>
    changedAt(der, from, (element) => [{ ...element, tag: other }]),
  ),
  placed('a length', length, (der: Buffer, from, _to, bytes) =>
    changedAt(der, from, (element) => [{ ...element, length: Buffer.from(bytes, 'hex') }]),
  ),
  placed('an element removed', nothing, (der: Buffer, from) => changedAt(der, from, () => [])),
  placed('an element doubled', nothing, (der: Buffer, from) =>
    changedAt(der, from, (element) => [element, element]),
  ),
  placed('an element emptied', nothing, (der: Buffer, from) =>
    changedAt(der, from, (element) => [{ ...element, content: Buffer.alloc(0) }]),
  ),
  placed('an element in a sequence', fc.integer({ min: 1, max: 200 }), nestedIn),
  placed('the order of elements', nothing, (der: Buffer, from) =>
    changedAt(der, from, (element) => [
      Array.isArray(element.content)
        ? { ...element, content: element.content.toReversed() }
        : element,
    ]),
  ),
  { weight: 3, arbitrary: placed('a number', oddInteger, withInteger) },
  placed('a byte of a content', fc.nat(255), (der: Buffer, from, to, byte) =>
    changedAt(
      der,
      from,
      (element) => {
        const content = Buffer.from(element.content as Buffer);
        if (content.length > 0) content[Math.floor(to * content.length)] = byte;
        return [{ ...element, content }];
      },
      ({ content }) => !Array.isArray(content),
    ),
  ),
);

/** A change of a number, mostly of rounds, to one that takes long. */
export const largeNumber: fc.Arbitrary<Change<Buffer>> = placed(
  'a number',
  largeInteger,
  withInteger,
);

function withInteger(der: Buffer, from: number, _to: number, hex: string): Buffer {
  const content = Buffer.from(hex, 'hex');
  return changedAt(der, from, (element) => [{ ...element, content }], isInteger);
}

function nestedIn(der: Buffer, from: number, _to: number, levels: number): Buffer {
  return changedAt(der, from, (element) => {
    let nested = element;
    for (let level = 0; level < levels; level++) nested = { tag: 0x30, content: [nested] };
    return [nested];
  });
}
