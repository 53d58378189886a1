/** An answer of a bank. The body is a text, or is sent as JSON. */
export const answer = (
  status: number,
  body: unknown,
  type = 'application/json',
  headers: Record<string, string> = {},
) => ({
  status,
  headers: { 'content-type': type, ...headers },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  receivedAt: new Date(),
});
