import { certificateDates, expiresSoon, firstEnd } from '../../core/keys/certificateDates';
import { DAY } from '../../core/lib/time';
import { createProfile, type Profile } from '../../core/profile/profile';
import { clientCertificate } from '../support/keys/certificates';
import { credentialWith } from '../support/keys/keyCredential';

describe('the dates of certificates around an exchange', () => {
  const inDays = (days: number) => new Date(Date.now() + days * DAY);
  const certificates = async (first: object, second: object) => {
    const old = await clientCertificate({ key: 'rsa', ...first });
    const renewed = await clientCertificate({ key: 'rsa', ...second });
    return (from: Date, now = new Date()) =>
      createProfile(
        credentialWith({
          transportCertificate: old.certificate,
          exchangeKeys: true,
          nextKeysFrom: from.toISOString(),
          nextTransportCertificate: renewed.certificate,
        }),
        now,
      );
  };
  const warningsOf = (profile: Profile, now?: Date) =>
    certificateDates(profile, now).map(({ code, message }) => `${code}: ${message}`);

  it('cause no warning if the next certificate takes over in time', async () => {
    const read = await certificates({ until: 20 }, { from: 1, until: 400 });
    const profile = await read(inDays(10));
    expect(warningsOf(profile)).toEqual([]);
    expect(expiresSoon(profile)).toBeUndefined();
    expect(firstEnd(profile)!.getTime()).toBeGreaterThan(inDays(390).getTime());
    const after = await read(inDays(10), inDays(11));
    expect(warningsOf(after, inDays(30))).toEqual([]);
  });

  it.each<[string, object, object, number, string]>([
    ['the first one ends before', { until: 5 }, { until: 400 }, 10, 'later than the end of "Tr'],
    [
      'the next one begins after',
      { until: 60 },
      { from: 20, until: 400 },
      10,
      'earlier than the beginning of "Next Tr',
    ],
    ['the next one has ended by then', { until: 60 }, { until: 5 }, 10, 'the end of "Next Tr'],
  ])('are a fault if %s', async (_, first, second, days, words) => {
    const profile = await (await certificates(first, second))(inDays(days));
    const faults = warningsOf(profile).filter((text) => text.startsWith('field-malformed'));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(words);
  });

  it('are those of the next certificate after the exchange', async () => {
    const read = await certificates({ until: 20 }, { until: 25 });
    const profile = await read(inDays(-1));
    expect(warningsOf(profile)).toEqual([
      expect.stringMatching(/^certificate-expires-soon: "Next Transport Certificate" expires on/),
    ]);
  });
});
