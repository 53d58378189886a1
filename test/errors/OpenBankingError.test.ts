import { OpenBankingError } from '../../core/errors/OpenBankingError';

const secretInUrl = (answer: string) =>
  new OpenBankingError('secret-in-url', { values: { sender: 'The bank', answer } });

describe('OpenBankingError', () => {
  it('is the name of the class and of its errors', () => {
    expect([OpenBankingError.name, secretInUrl('no').name]).toEqual(
      Array(2).fill('OpenBankingError'),
    );
  });

  it('fills the values into the message of the catalogue', () => {
    const values = { key: 'Key', certificate: 'Certificate' };
    const { message } = new OpenBankingError('key-certificate-mismatch', { values });
    expect(message).toBe('"Key" does not belong to "Certificate"');
  });

  it('does not fill in places that a value contains', () => {
    expect(secretInUrl('<sender>').message).toBe('The bank answered <sender>');
  });

  it('shows unseen characters of values and advice as their numbers', () => {
    const { message } = secretInUrl('no\n2026 forged\u202eline');
    expect(message).toBe('The bank answered no 2026 forged[U+202E]line');
    const { description } = secretInUrl('no').with({ description: 'Use \u200bthis' });
    expect(description).toBe('Use [U+200B]this');
  });

  it('accepts only the values of its code', () => {
    // @ts-expect-error A value is missing.
    new OpenBankingError('store-newer', { values: {} });
    // @ts-expect-error The message has no such place.
    new OpenBankingError('store-newer', { values: { where: 'x', reason: 'x' } });
    // @ts-expect-error The message has a place.
    new OpenBankingError('store-newer', {});
    expect(new OpenBankingError('state-mismatch', {}).message).not.toBe('');
  });

  it('uses the sentence of the problem', () => {
    const { message } = new OpenBankingError('jwt-time', {
      problem: 'future',
      values: { jwt: 'The ID token' },
    });
    expect(message).toBe('The ID token was issued in the future ("iat")');
  });

  it('accepts only the problems of its code, with the values of the problem', () => {
    const values = { jwt: 'The ID token' };
    // @ts-expect-error The problem is one of another code.
    expect(() => new OpenBankingError('jwt-time', { problem: 'unexpected', values })).toThrow();
    // @ts-expect-error The problem is missing.
    expect(() => new OpenBankingError('jwt-time', { values })).toThrow();
    // @ts-expect-error The value for the claim is missing.
    new OpenBankingError('jwt-time', { problem: 'outsideDates', values });
  });

  it('uses a given message instead of the one in the catalogue', () => {
    expect(new OpenBankingError('field-missing', { message: 'No URL' }).message).toBe('No URL');
  });

  it('has the outcome not-sent if the configuration is wrong', () => {
    expect(new OpenBankingError('state-mismatch', {}).outcome).toBe('not-sent');
  });

  it('has the outcome unknown for any other failure if no outcome is given', () => {
    const values = { status: 400 };
    expect(new OpenBankingError('response-empty', { values }).outcome).toBe('unknown');
    expect(new OpenBankingError('response-empty', { values, outcome: 'refused' }).outcome).toBe(
      'refused',
    );
  });

  it.each([
    ['words with a full stop', 'No.', 'The bank answered No.'],
    ['words with a question mark', 'No?', 'The bank answered No?'],
    ['words without a mark', 'no', 'The bank answered no.'],
  ])('ends the message with one mark after %s', (_, answer, sentence) => {
    expect(secretInUrl(answer).sentence).toBe(sentence);
  });

  it('keeps the code if the advice is changed', () => {
    const error = secretInUrl('no').with({ description: 'Do this.' });
    expect(error).toMatchObject({ code: 'secret-in-url', text: 'The bank answered no. Do this.' });
  });
});
