import type { Answer } from '../../support/bank/scriptedBank';
import { certificateAuthority, clientCertificate } from '../../support/keys/certificates';
import { diagnosedBank, refusal } from './diagnosedBank';

const bank = diagnosedBank();

describe('diagnoseSettings at another bank', () => {
  describe('with another clock', () => {
    const later =
      (seconds: number, answer: Answer): Answer =>
      (response, ...rest) => {
        response.setHeader('Date', new Date(Date.now() + seconds * 1000).toUTCString());
        answer(response, ...rest);
      };
    const both = (seconds: number, answer: Answer) => ({
      authorization_code: later(seconds, answer),
      client_credentials: later(seconds, answer),
    });

    it.each([
      [120, /^The clock of this machine is 1(19|20|21) seconds behind that of the bank$/],
      [-120, /^The clock of this machine is 1(19|20|21) seconds ahead of that of the bank$/],
    ])(
      'gives a notice if the clocks differ by %i seconds and the bank accepts the assertion',
      async (seconds, message) => {
        bank.answers = both(seconds, refusal('invalid_grant'));
        const { failure, notices, clockOffset } = await bank.diagnose();
        expect(failure).toBeUndefined();
        expect(Math.abs(clockOffset! + seconds)).toBeLessThanOrEqual(1);
        expect(notices.find(({ code }) => code === 'clock-offset')!.message).toMatch(message);
      },
    );

    it('gives no notice if the clocks differ by two seconds', async () => {
      bank.answers = both(2, refusal('invalid_grant'));
      const codes = (await bank.diagnose()).notices.map(({ code }) => code);
      expect(codes).not.toContain('clock-offset');
    });

    it.each([
      ['invalid_request', 'JWT Token is expired.', 'assertion-time'],
      ['invalid_client', 'No.', 'invalid-client'],
    ])(
      'names the clock first if the bank refuses with %s: %s',
      async (error, description, code) => {
        bank.answers = both(120, refusal(error, description));
        const { failure } = await bank.diagnose();
        expect(failure).toMatchObject({ code });
        expect(failure!.description).toMatch(/^The clock of this machine is \d+ seconds behind/);
        if (code === 'invalid-client') expect(failure!.description).toContain(', audience "');
      },
    );

    it('names the clock once, in the failure or in a notice', async () => {
      bank.answers = both(-20, refusal('invalid_client'));
      const { failure, notices } = await bank.diagnose();
      expect(failure!.description).toMatch(/^The clock of this machine is \d+ seconds ahead/);
      bank.answers = both(-8, refusal('invalid_client'));
      const near = await bank.diagnose();
      expect(near.failure!.description).not.toMatch(/^The clock/);
      // In the failure if the clock explains it, otherwise in a notice.
      expect(notices.map(({ code }) => code)).not.toContain('clock-offset');
      expect(near.notices.map(({ code }) => code)).toContain('clock-offset');
    });
  });

  it('checks the dates of the certificate before it sends a request', async () => {
    const withDates = async (dates: { from?: number; until?: number }) => {
      const { certificate } = await clientCertificate({ key: 'rsa', ...dates });
      return bank.diagnose({ transportCertificate: certificate });
    };
    bank.answers = { authorization_code: refusal('invalid_grant') };
    expect((await withDates({ until: -1 })).failure).toMatchObject({ code: 'certificate-expired' });
    expect((await withDates({ from: 1 })).failure).toMatchObject({
      code: 'certificate-not-yet-valid',
    });
    expect(bank.server.requests).toHaveLength(0);
    // The failure names the certificate already.
    expect((await withDates({ until: -1 })).notices).toEqual([]);
    expect((await withDates({ from: 1 })).notices).toEqual([]);
    const { failure, notices } = await withDates({ until: 20 });
    expect(failure).toBeUndefined();
    expect(notices.map(({ code }) => code)).toContain('certificate-expires-soon');
  });

  it('gives no notices about an expired transport certificate, only about the other certificate', async () => {
    const intermediate = await (await certificateAuthority()).intermediate('Unsent CA');
    const own = await intermediate.issue({ key: 'rsa', until: -1 });
    const signing = await clientCertificate({ key: 'rsa', until: -1 });
    const { failure, notices } = await bank.diagnose({
      transportCertificate: own.certificate,
      transportPrivateKey: own.privateKey,
      separateSigningKey: true,
      signingCertificate: signing.certificate,
      signingPrivateKey: signing.privateKey,
    });
    expect(failure!.message).toMatch(/^"Transport Certificate" expired/);
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^"Signing Certificate" expired/),
    ]);
  });

  it('sends requests with an expired signing certificate, and gives a notice', async () => {
    const signing = await clientCertificate({ key: 'rsa', until: -1 });
    bank.answers = { authorization_code: refusal('invalid_grant') };
    const { failure, notices } = await bank.diagnose({
      separateSigningKey: true,
      signingCertificate: signing.certificate,
      signingPrivateKey: signing.privateKey,
    });
    expect(failure).toBeUndefined();
    expect(notices.map(({ message }) => message).join()).toContain('"Signing Certificate" expired');
  });
});
