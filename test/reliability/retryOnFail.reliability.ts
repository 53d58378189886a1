import { startRotatingBank } from '../support/bank/rotatingBank';
import { refreshAll } from '../support/n8n/refreshAll';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';

const measure: Measure = { rows: [], failures: [] };
afterAll(() => writeMeasure('retryOnFail', measure));

/** More than the 2,000 whose answers are remembered. */
const COUNT = isQuick ? 2500 : 10_000;

it(`sends each refresh token once if ${COUNT} items are refreshed with Retry On Fail and the first one fails`, async () => {
  const bank = await startRotatingBank();
  try {
    const { items, requests, received, ended, outOfPlace } = await refreshAll(bank, COUNT);
    measure.rows.push({ items, requests, received, ended, outOfPlace });
    const counts = { requests, received, ended, outOfPlace };
    const expected = { requests: COUNT, received: COUNT - 1, ended: 0, outOfPlace: 0 };
    if (JSON.stringify(counts) !== JSON.stringify(expected)) {
      measure.failures.push(`Retry On Fail: ${JSON.stringify(counts)}`);
    }
    expect(counts).toEqual(expected);
  } finally {
    await bank.close();
  }
});
