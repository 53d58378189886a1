/** Whether a value has only characters of client IDs, codes and tokens: VSCHAR (RFC 6749, appendix A). It must not be empty. */
export function isVschar(value: string): boolean {
  return /^[\x20-\x7e]+$/.test(value);
}
