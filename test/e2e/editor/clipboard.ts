import type { Locator, Page } from 'playwright-core';

/** Milliseconds after which n8n has read the text that was typed or pasted into a field. */
export const TAKEN_OVER_MS = 300;

/** Puts text on the clipboard, like a person who copies it from a mail or a file. */
export async function copy(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.bringToFront();
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
}

/** Replaces the content of an input with the clipboard: a click, "select all" and "paste" with the keyboard. */
export async function pasteInto(input: Locator): Promise<void> {
  await select(input);
  await input.page().keyboard.press('ControlOrMeta+V');
}

/** Replaces the content of an input by typing a text, key by key. */
export async function typeInto(input: Locator, text: string): Promise<void> {
  await select(input);
  await input.page().keyboard.type(text);
}

async function select(input: Locator): Promise<void> {
  await input.click();
  await input.page().keyboard.press('ControlOrMeta+A');
}
