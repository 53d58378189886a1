import { X509Certificate } from 'node:crypto';
import { orderChain } from '../../core/keys/certificateChain';
import { shortName } from '../../core/keys/certificateFacts';
import { certificateAuthority } from '../support/keys/certificates';

let root: X509Certificate;
let upper: X509Certificate;
let lower: X509Certificate;
let leaf: X509Certificate;

beforeAll(async () => {
  const authority = await certificateAuthority('Root CA');
  const upperAuthority = await authority.intermediate('Upper CA');
  const lowerAuthority = await upperAuthority.intermediate('Lower CA');
  const issued = await lowerAuthority.issue();
  [root, upper, lower, leaf] = [authority, upperAuthority, lowerAuthority, issued].map(
    ({ certificate }) => new X509Certificate(certificate),
  ) as [X509Certificate, X509Certificate, X509Certificate, X509Certificate];
});

const order = (given: X509Certificate[], roots?: X509Certificate[]) => {
  const { certificates, notices } = orderChain(given, leaf, {
    field: 'Certificate',
    roots,
    now: new Date(),
  });
  return {
    names: certificates.map(({ subject }) => shortName(subject)),
    codes: notices.map(({ code }) => code),
    messages: notices.map(({ message }) => message),
  };
};

const COMPLETE = ['Test Client', 'Lower CA', 'Upper CA', 'Root CA'];

describe('orderChain', () => {
  it('does not change a chain that is in order', () => {
    expect(order([leaf, lower, upper, root])).toEqual({
      names: COMPLETE,
      codes: [],
      messages: [],
    });
  });

  it('puts each certificate before its issuer', () => {
    const { names, codes } = order([root, upper, leaf, lower]);
    expect(names).toEqual(COMPLETE);
    expect(codes).toHaveLength(1);
  });

  it('leaves out a certificate that is given twice', () => {
    expect(order([leaf, lower, leaf, upper, root]).names).toEqual(COMPLETE);
  });

  it('leaves out and names certificates that are not part of the chain', async () => {
    const other = new X509Certificate((await certificateAuthority('Other CA')).certificate);
    const { names, messages } = order([leaf, lower, other, upper, root]);
    expect(names).toEqual(COMPLETE);
    expect(messages).toEqual([expect.stringContaining('Other CA')]);
  });

  it('stops at an issuer with the right name and the wrong key', async () => {
    const sameName = await (await certificateAuthority('Root CA')).intermediate('Lower CA');
    const { names, messages } = order([leaf, new X509Certificate(sameName.certificate)]);
    expect(names).toEqual(['Test Client']);
    expect(messages.join()).toContain('ends before the issuer "Lower CA"');
  });

  it('warns if an intermediate certificate is missing', () => {
    expect(order([leaf, upper, root])).toMatchObject({ names: ['Test Client'] });
    expect(order([leaf, lower]).codes).toEqual(['intermediate-missing']);
  });

  it('does not warn if the chain ends at a given authority', () => {
    expect(order([leaf, lower, upper], [root]).codes).toEqual([]);
    expect(order([leaf, lower, upper]).codes).toEqual(['intermediate-missing']);
  });
});

describe('shortName', () => {
  it.each([
    ['CN=Test Client', 'Test Client'],
    ['C=GB\nO=Bank\nCN=Test\nOU=x', 'Test'],
    ['C=GB\nO=Bank', 'C=GB O=Bank'],
    [`CN=${'x'.repeat(200)}`, 'x'.repeat(100)],
    ['CN=a\u202eb', 'a b'],
  ])('of %j is %j', (distinguishedName, name) => {
    expect(shortName(distinguishedName)).toBe(name);
  });
});
