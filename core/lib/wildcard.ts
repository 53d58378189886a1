/** The source of a regular expression for a text in which `*` stands for any text. */
export function wildcardSource(text: string): string {
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return parts.join('.*');
}
