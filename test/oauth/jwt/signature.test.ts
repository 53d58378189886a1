import { generateKeyPairSync } from 'node:crypto';
import { jwsSignature } from '../../../core/oauth/jwt/signature';

const mockLimits: number[] = [];
jest.mock('node:crypto', () => {
  const crypto = jest.requireActual<typeof import('node:crypto')>('node:crypto');
  return {
    ...crypto,
    sign: (...given: Parameters<typeof crypto.sign>) => {
      mockLimits.push(Error.stackTraceLimit);
      return crypto.sign(...given);
    },
  };
});

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const usual = rsa(2048);
const input = Buffer.from('header.claims');

describe('where a signature is made', () => {
  it('is this thread while nothing else is under way', () => {
    expect(Buffer.isBuffer(jwsSignature('PS256', usual, input, true))).toBe(true);
  });

  it('is another one otherwise', async () => {
    const signature = jwsSignature('PS256', usual, input, false);
    expect(signature).toBeInstanceOf(Promise);
    expect((await signature).length).toBe(256);
  });

  it('is another one for a large key, which would hold up everything', async () => {
    const signature = jwsSignature('PS256', rsa(4096), input, true);
    expect(signature).toBeInstanceOf(Promise);
    expect((await signature).length).toBe(512);
  });
});

describe('the stack traces of errors', () => {
  const before = Error.stackTraceLimit;
  beforeEach(() => {
    Error.stackTraceLimit = 7;
    mockLimits.length = 0;
  });
  afterEach(() => {
    const property = { value: before, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(Error, 'stackTraceLimit', property);
  });

  it.each([true, false])('are left out while signing, alone: %s', async (isAlone) => {
    const signature = jwsSignature('PS256', usual, input, isAlone);
    expect(mockLimits).toEqual([0]);
    expect(Error.stackTraceLimit).toBe(7);
    await signature;
    expect(Error.stackTraceLimit).toBe(7);
  });

  it.each([true, false])('are as they were after a failure, alone: %s', async (isAlone) => {
    const unfit = generateKeyPairSync('ed25519').privateKey;
    const sign = async () => jwsSignature('PS256', unfit, input, isAlone);
    await expect(sign()).rejects.toThrow();
    expect(Error.stackTraceLimit).toBe(7);
  });

  it('may be a matter that nobody can change', async () => {
    Object.defineProperty(Error, 'stackTraceLimit', { writable: false });
    expect(Buffer.isBuffer(jwsSignature('PS256', usual, input, true))).toBe(true);
    expect((await jwsSignature('PS256', usual, input, false)).length).toBe(256);
  });
});
