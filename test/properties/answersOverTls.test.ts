import fc from 'fast-check';
import { itHolds, reportCounts } from './caseOf';
import { byteChange } from './changes/bytes';
import { changed, changesOf } from './changes/change';
import { bytesOf, framingChange, framingOf } from './changes/framing';
import { RefreshOverTls, TOKENS } from './refreshOverTls';

/** Cases at once: each has a connection of its own, and some wait for its end. */
const AT_ONCE = 10;

const bank = new RefreshOverTls();

beforeAll(() => bank.open());
afterAll(() => bank.close());

reportCounts('answersOverTls');

itHolds({
  title: 'tokens in a changed answer are received over mutual TLS',
  share: 0.05,
  casesAtOnce: AT_ONCE,
  input: fc.array(fc.tuple(changesOf(framingChange), fc.array(byteChange, { maxLength: 2 })), {
    minLength: AT_ONCE,
    maxLength: AT_ONCE,
  }),
  holds: async (cases) => {
    const body = Buffer.from(JSON.stringify(TOKENS));
    await Promise.all(
      cases.map(([framings, bytes]) =>
        bank.refresh(() => changed(bytesOf(changed(framingOf(200, body), framings)), bytes)),
      ),
    );
  },
});
