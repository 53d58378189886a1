import { createHash } from 'node:crypto';
import { digest } from '../../core/lib/digest';

describe('digest', () => {
  it('is SHA-256 of a text, in base64url', () => {
    expect(digest('text')).toBe(createHash('sha256').update('text').digest('base64url'));
  });

  it('is the same for an object whose entries are in another order', () => {
    expect(digest({ a: 1, b: 'x' })).toBe(digest({ b: 'x', a: 1 }));
  });

  it('differs if a name or a value differs', () => {
    expect(new Set([{ a: 1 }, { a: 2 }, { b: 1 }, { a: '1' }, {}].map(digest)).size).toBe(5);
  });
});
