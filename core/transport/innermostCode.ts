/** The code of the innermost error that has one: undici and Node.js wrap errors. @returns an empty text if none has one */
export function innermostCode(error: unknown): string {
  let code = '';
  let at = error as Linked | undefined;
  // Not `instanceof`, because an error may come from another realm.
  for (let depth = 0; at && typeof at === 'object' && depth < 5; at = at.cause, depth++) {
    code = [at, ...(at.errors ?? [])].map(codeOf).find((own) => own !== '') ?? code;
  }
  return code;
}

function codeOf({ code, name }: Linked): string {
  if (typeof code === 'string') return code;
  // undici gives this error no code.
  return name === 'HTTPParserError' ? name : '';
}

/** An error, whatever it is an instance of. */
interface Linked {
  code?: unknown;
  name?: unknown;
  cause?: Linked;
  errors?: Linked[];
}
