import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import forge from 'node-forge';
import { partsOf, readDer, writeDer, type Asn1 } from '../../core/keys/asn1';
import type { BankSettings } from '../../core/profile/settings';
import { clientCertificate } from '../support/keys/certificates';
import { pkcs12Of } from '../support/keys/pkcs12';
import { itHolds, reportCounts } from './caseOf';
import { byteChange } from './changes/bytes';
import { changed, changesOf } from './changes/change';
import { derChange, largeNumber } from './changes/der';
import { textChange } from './changes/text';
import { isLong } from './form';
import { KeyInputs, PASSPHRASE } from './keyInputs';

const inputs = new KeyInputs();

/** PKCS#12 files in base64, with few rounds of key derivation, so that a case is short. */
let files: string[];

beforeAll(async () => {
  const [ec, rsa] = [await clientCertificate(), await clientCertificate({ key: 'rsa' })];
  const few = ['-iter', '5', '-maciter', '-macalg', 'sha1'];
  const plain = ['-keypbe', 'NONE', '-certpbe', 'NONE'];
  files = [
    pkcs12Of(ec, PASSPHRASE, few),
    pkcs12Of(ec, PASSPHRASE, [...few, '-legacy']),
    pkcs12Of(ec, PASSPHRASE, [...few, ...plain]),
    pkcs12Of({ ...ec, certificate: `${ec.certificate}\n${rsa.certificate}` }, PASSPHRASE, [
      ...few,
      ...plain,
    ]),
  ];
  await inputs.open([rsa.privateKey]);
});

reportCounts('keystores');

const aFile = fc.nat(3);

const fieldsOf = (pkcs12: string): BankSettings => ({ keyFormat: 'pkcs12', pkcs12 });

function expectRead(pkcs12: string): Promise<void> {
  return inputs.expectProfileOrError(fieldsOf(pkcs12), pkcs12);
}

it('opens the files without a change, also with a checksum of these tests', async () => {
  for (const file of files) {
    expect(await inputs.errorOf(fieldsOf(file))).toBeUndefined();
    expect(await inputs.errorOf(fieldsOf(withContent(file, (content) => content)))).toBeUndefined();
  }
});

itHolds({
  title: 'a keystore with changed text is read or refused',
  share: 0.15,
  input: fc.tuple(aFile, changesOf(textChange)),
  holds: ([which, changes]) => expectRead(changed(files[which]!, changes)),
});

itHolds({
  title: 'a keystore with changed bytes is read or refused',
  share: 0.15,
  input: fc.tuple(aFile, changesOf(byteChange)),
  holds: ([which, changes]) =>
    expectRead(changed(Buffer.from(files[which]!, 'base64'), changes).toString('base64')),
});

itHolds({
  title: 'a keystore with changed DER is read or refused',
  share: 0.3,
  input: fc.tuple(aFile, changesOf(derChange, 2)),
  holds: ([which, changes]) =>
    expectRead(changed(Buffer.from(files[which]!, 'base64'), changes).toString('base64')),
});

/** A file with another content, and the checksum of this content (RFC 7292 §4, §5.1). */
function withContent(file: string, change: (content: Buffer) => Buffer): string {
  const pfx = readDer(Buffer.from(file, 'base64'));
  const [, authSafe, macData] = partsOf(pfx) as [Asn1, Asn1, Asn1];
  const [digestInfo, salt, rounds] = partsOf(macData) as [Asn1, Asn1, Asn1];
  const content = partsOf(partsOf(authSafe)[1])[0]!;
  const digest = partsOf(digestInfo)[1]!;
  const changedContent = change(Buffer.from(content.value as string, 'binary'));
  content.value = changedContent.toString('binary');
  const key = forge.pkcs12.generateKey(
    PASSPHRASE,
    forge.util.createBuffer(salt.value as string),
    3,
    Number(`0x${Buffer.from(rounds.value as string, 'binary').toString('hex')}`),
    20,
  );
  digest.value = createHmac('sha1', Buffer.from(key.getBytes(), 'binary'))
    .update(changedContent)
    .digest('binary');
  return writeDer(pfx).toString('base64');
}

itHolds({
  title: 'a keystore with a changed content and the right checksum is read or refused',
  share: 0.4,
  input: fc.tuple(aFile, changesOf(derChange, 2)),
  holds: ([which, changes]) =>
    expectRead(withContent(files[which]!, (content) => changed(content, changes))),
});

if (isLong) {
  itHolds({
    title: 'a keystore with a large number of rounds does not block the event loop',
    share: 0.001,
    input: fc.tuple(aFile, largeNumber),
    holds: ([which, change]) =>
      expectRead(change.apply(Buffer.from(files[which]!, 'base64')).toString('base64')),
  });
}
