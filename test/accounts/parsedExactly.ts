import { readJson, withExactNumbers } from '../../core/accounts/exactJson';

/** JSON with exact numbers, and whether some of them came as text. */
export function parsedExactly(body: Buffer, contentType?: string) {
  const json = readJson(body, contentType);
  const value = withExactNumbers(json);
  return { value, hasTextNumbers: value !== json.value };
}
