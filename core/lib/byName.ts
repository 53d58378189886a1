/** The value of a name that users choose, such as "constructor": members that every object has do not count. */
export function valueOf<Value>(
  values: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The values with another one under a name that users choose, such as "__proto__", which an object literal does not take. */
export function withValue<Value>(
  values: Readonly<Record<string, Value>>,
  name: string,
  value: Value,
): Record<string, Value> {
  const others = Object.entries(values).filter(([other]) => other !== name);
  return Object.fromEntries([...others, [name, value]]);
}
