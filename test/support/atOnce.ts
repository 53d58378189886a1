import { Slots } from '../../core/lib/slots';

/** More at a time would wait for the processor, and miss their time limits. */
const slots = new Slots(40);

const scenarios: (() => Promise<void>)[] = [];
let results: Promise<PromiseSettledResult<void>[]> | undefined;

/**
 * A test that mostly waits. Those of a file run at the same time, so that their waiting does not add up. They must not
 * share what they change: a clock, a spy, a server that they stop.
 *
 * What they register with `closeAfterTest` is closed when all of them have ended.
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
