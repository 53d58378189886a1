import fc from 'fast-check';

/** One change of a value. A failed property prints its name. */
export class Change<Value> {
  constructor(
    readonly name: string,
    readonly apply: (value: Value) => Value,
  ) {}

  /** The text of a counterexample. */
  [fc.toStringMethod](): string {
    return this.name;
  }
}

/** A value after several changes, one after the other. */
export function changed<Value>(value: Value, changes: readonly Change<Value>[]): Value {
  return changes.reduce((present, change) => change.apply(present), value);
}

/** One to so many changes. */
export function changesOf<Value>(
  change: fc.Arbitrary<Change<Value>>,
  maxLength = 3,
): fc.Arbitrary<Change<Value>[]> {
  return fc.array(change, { minLength: 1, maxLength });
}

/** A place in a text or list, as a fraction of its length. */
export const place = fc.integer({ min: 0, max: 9999 }).map((part) => part / 10_000);

/** Makes changes of a kind, with two places and a value that differ. */
export function placed<Value, Extra>(
  name: string,
  extra: fc.Arbitrary<Extra>,
  apply: (value: Value, from: number, to: number, extra: Extra) => Value,
): fc.Arbitrary<Change<Value>> {
  return fc.tuple(place, place, extra).map(([one, other, given]) => {
    const [from, to] = one < other ? [one, other] : [other, one];
    const label = `${name} from ${from} to ${to}: ${fc.stringify(given).slice(0, 80)}`;
    return new Change<Value>(label, (value) => apply(value, from, to, given));
  });
}

/** A change that has no variants. */
export function fixed<Value>(
  name: string,
  apply: (value: Value) => Value,
): fc.Arbitrary<Change<Value>> {
  return fc.constant(new Change(name, apply));
}
