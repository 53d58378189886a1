import { destroyAgents } from '../../core/transport/agents';
import { writeMeasure } from './counts';
import { sample } from './form';
import { IdTokenBank } from './idTokens/idTokenBank';
import { IdTokenCase, MOMENTS, placeOf, type Flow, type Scene } from './idTokens/idTokenCase';
import { idTokenKinds } from './idTokens/kinds';
import { MovedClock } from './movedClock';
import { forEachAtOnce } from './pool';

const flows: readonly Flow[] = ['code', 'jarm', 'hybrid'];

const scenes: readonly Scene[] = [
  'redirect',
  'exchange',
  'exchange of a stored consent',
  'renewal of a stored consent',
  'refresh',
  'refresh of a stored consent',
  'early refresh of a stored consent',
];

const bank = new IdTokenBank();
const combinations = idTokenKinds.flatMap((kind, index) =>
  flows.flatMap((flow) =>
    scenes
      .filter((scene) => scene !== 'redirect' || flow === 'hybrid')
      .filter((scene) => !kind.not?.includes(placeOf(scene, flow)))
      .map((scene) => ({ kind, flow, scene, index })),
  ),
);
// Every so many-th one, so that each kind, each flow and each scene is among them.
const cases = sample(combinations, 5).map(
  ({ kind, flow, scene }, number) => new IdTokenCase(bank, kind, flow, scene, number),
);

beforeAll(async () => {
  await bank.open();
  const clock = new MovedClock();
  try {
    for (const [index, moment] of MOMENTS.entries()) {
      if (index > 0) clock.forward(moment - MOMENTS[index - 1]!);
      await forEachAtOnce(4, cases, (one) => one.at(moment));
    }
  } finally {
    clock.stop();
  }
  const rows = scenes.map((scene) => {
    const own = cases.filter((one) => one.scene === scene);
    return {
      scene,
      kinds: new Set(own.map(({ kind }) => kind)).size,
      failing: own.filter(({ fails }) => fails).length,
      passing: own.filter(({ fails }) => !fails).length,
      wrong: own.filter(({ wrong }) => wrong.length).length,
    };
  });
  const failures = cases
    .filter(({ wrong }) => wrong.length)
    .map(
      ({ title, fails, wrong }) => `${title} (${fails ? 'fails' : 'passes'}): ${wrong.join('; ')}`,
    );
  writeMeasure('idTokens', { rows, failures });
}, 600_000);

afterAll(async () => {
  await destroyAgents();
  await bank.close();
});

test.each(cases.map((one) => [one.title, one.fails ? 'refuses' : 'accepts', one] as const))(
  'an ID token with %s: %s it',
  (_title, _verdict, { wrong }) => {
    expect(wrong).toEqual([]);
  },
);
