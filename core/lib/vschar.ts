/** Whether a value consists of the characters that client IDs, codes and tokens are made of: VSCHAR of RFC 6749, appendix A. */
export function isVschar(value: string): boolean {
  return /^[\x20-\x7e]+$/.test(value);
}
