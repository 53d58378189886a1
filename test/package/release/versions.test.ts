import { compareVersions, isVersion } from '../../../build/release/versions.mjs';

describe('isVersion', () => {
  it.each(['0.0.1', '1.2.3', '10.20.30', '1.0.0-rc.1', '1.0.0-0', '1.0.0-x-y.7.z'])(
    'accepts %s',
    (version) => expect(isVersion(version)).toBe(true),
  );

  it.each([
    ...['', '1', '1.2', 'v1.2.3', '1.2.3.4', '01.2.3', '1.2.03', ' 1.2.3', '1.2.3\n', 'latest'],
    ...['1.0.0-', '1.0.0-01', '1.0.0-a..b', '1.0.0-a_b', '1.2.3+build', '1.2.-3', '^1.2.3'],
  ])('refuses %j', (version) => expect(isVersion(version)).toBe(false));
});

describe('compareVersions', () => {
  // From small to large, as in rule 11 of Semantic Versioning 2.0.0.
  const ordered = [
    ...['0.9.10', '0.10.9', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta'],
    ...['1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1', '1.2.0', '2.0.0'],
  ];

  it('orders each pair by the precedence of Semantic Versioning', () => {
    for (const [index, one] of ordered.entries()) {
      for (const [otherIndex, other] of ordered.entries()) {
        const sign = [one, other, Math.sign(compareVersions(one, other))];
        expect(sign).toEqual([one, other, Math.sign(index - otherIndex)]);
      }
    }
  });
});
