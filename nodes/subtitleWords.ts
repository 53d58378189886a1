/**
 * The source of a function for the expressions of subtitles: the value of a parameter as it is saved, or other words if it is empty. An
 * expression that needs an item has no value in the editor. n8n evaluates subtitles, so they can use no code of this package.
 */
export const named = `(value, otherwise) => {
    const text = String(value ?? '').replace(/^=/, '');
    return text.includes('{' + '{') ? 'from expression' : text || otherwise;
  }`;
