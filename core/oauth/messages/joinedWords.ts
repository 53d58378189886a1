import { displayText } from '../../lib/displayText';
import type { SecretHider } from '../../lib/hiddenSecrets';

/** Words of a bank in one text: those that are not empty, separated by dashes. Only the last one may end with a full stop. */
export function joinedWords(texts: readonly unknown[], hide: SecretHider): string {
  const parts = texts.map((text) => displayText(text, hide)).filter(Boolean);
  const all = parts.map((part, index) =>
    index < parts.length - 1 ? part.replace(/[\s.]+$/, '') : part,
  );
  return displayText(all.join(' – '), hide);
}
