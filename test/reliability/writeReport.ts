/** The end of `npm run test:reliability` in its long form: writes docs/reliability.md from what the measures counted. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { MEASURES } from '../properties/form';
import { folder, type Measure } from './counts';
import { reliabilityDocument, type Measures } from './report';
import { storeMeasures, type StoreMeasures } from './storeSections';

const file = resolve(__dirname, '../../docs/reliability.md');

const measure = (name: string): Measure =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Measure;

const families = [
  ...['statuses', 'framings', 'encodings', 'bodies'],
  ...['connections', 'handshakes', 'refusals', 'limits', 'outages'],
];

async function main(): Promise<void> {
  const measures: Measures = {
    faults: families.map((family) => measure(`faults.${family}`)),
    properties: MEASURES.map((name) => measure(`properties.${name}`)),
    idTokens: measure('idTokens'),
    transactions: {
      histories: measure('histories'),
      repetitions: measure('histories.kinds'),
      positions: measure('positions'),
    },
    tokenLife: measure('tokenLife'),
    stores: Object.fromEntries(storeMeasures.map((name) => [name, measure(name)])) as StoreMeasures,
  };
  const options = await resolveConfig(file);
  const text = await format(reliabilityDocument(measures), { ...options, parser: 'markdown' });
  writeFileSync(file, text);
}

void main();
