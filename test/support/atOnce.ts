import { Slots } from '../../core/lib/slots';

/** More of them would wait for the processor, and miss their time limits. */
const slots = new Slots(6);

const scenarios: (() => Promise<void>)[] = [];
let results: Promise<PromiseSettledResult<void>[]> | undefined;

/**
 * A test that mostly waits. Up to six of a file run at the same time, before their results are shown. They must not share what they
 * change: a clock, a spy, a server that they stop.
 *
 * `closeAfterTest` calls their functions when all of them have ended.
 */
export function itAtOnce(title: string, scenario: () => Promise<void>): void {
  const number = scenarios.push(scenario) - 1;
  it(
    title,
    async () => {
      results ??= Promise.allSettled(scenarios.map((each) => slots.use(each)));
      const result = (await results)[number]!;
      if (result.status === 'rejected') throw result.reason;
    },
    60_000,
  );
}
