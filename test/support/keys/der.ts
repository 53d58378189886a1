import forge from 'node-forge';

/** An element of DER: its tag, and its content. */
export function der(tag: number, ...content: Buffer[]): Buffer {
  const value = Buffer.concat(content);
  const { length } = value;
  const bytes = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : bytes)]), value]);
}

/** The same in BER with an indefinite length (X.690 §8.1.3.6). The tag is that of a constructed element. */
export function indefinite(tag: number, ...content: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([tag, 0x80]), ...content, Buffer.from([0, 0])]);
}

/** A SEQUENCE. */
export const sequence = (...content: Buffer[]) => der(0x30, ...content);

/** An OBJECT IDENTIFIER. */
export const identifier = (oid: string) =>
  der(0x06, Buffer.from(forge.asn1.oidToDer(oid).getBytes(), 'binary'));

/** An element with a tag of its own, `[0] EXPLICIT`. */
export const tagged = (...content: Buffer[]) => der(0xa0, ...content);

/** The elements that a SEQUENCE in DER consists of. */
export function elementsOf(encoded: Buffer): Buffer[] {
  const header = (at: number) => {
    const first = encoded[at + 1]!;
    const count = first & 0x80 ? first & 0x7f : 0;
    const length = count ? encoded.readUIntBE(at + 2, count) : first;
    return { content: at + 2 + count, end: at + 2 + count + length };
  };
  const elements: Buffer[] = [];
  for (let at = header(0).content; at < header(0).end; at = header(at).end) {
    elements.push(encoded.subarray(at, header(at).end));
  }
  return elements;
}
