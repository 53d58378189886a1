import type { Locator, Page } from 'playwright-core';
import { copy, pasteInto, TAKEN_OVER_MS, typeInto } from './clipboard';

/** The message of the editor after the Test button was pressed. */
export interface TestResult {
  ok: boolean;
  /** The message behind "More details"; empty if the test succeeded. */
  details: string;
}

/** The form of a credential. */
export class CredentialForm {
  private readonly modal: Locator;

  constructor(private readonly page: Page) {
    this.modal = page.locator('[data-test-id="editCredential-modal"]');
  }

  field(name: string): Locator {
    return this.modal.locator(`[data-test-id="parameter-input-${name}"]`);
  }

  private input(name: string): Locator {
    return this.field(name).locator('input, textarea').first();
  }

  /** A note of the form, by its first words. */
  notice(words: string): Locator {
    return this.modal.getByText(words);
  }

  /** The labels of the fields that are shown, from top to bottom. */
  async labels(): Promise<string[]> {
    const parameters = this.modal
      .locator('[data-test-id="credential-connection-parameter"]')
      .filter({ has: this.page.locator('[data-test-id^="parameter-input-"]') });
    const texts = await parameters.allInnerTexts();
    return texts.map((text) => text.split('\n')[0]!.replace(/ \*$/, ''));
  }

  async fillIn(name: string, value: string): Promise<void> {
    await this.input(name).fill(value);
  }

  /** Replaces the content of a field by pasting a text with the keyboard. */
  async paste(name: string, text: string): Promise<void> {
    await copy(this.page, text);
    await pasteInto(this.input(name));
  }

  /** Replaces the content of a field by typing a text. */
  async type(name: string, text: string): Promise<void> {
    await typeInto(this.input(name), text);
  }

  /** Chooses an option of a field by its name. */
  async choose(name: string, option: string): Promise<void> {
    await this.field(name).click();
    await this.page
      .locator('[data-test-id="parameter-input-item"]:visible')
      .filter({ hasText: option })
      .first()
      .click();
  }

  /** Flips a switch. */
  async flip(name: string): Promise<void> {
    await this.field(name).locator('.el-switch').click();
  }

  /** Saves, which tests, and reads the result. n8n closes the form of a new credential that was opened from a node if the test succeeded. */
  async test(): Promise<TestResult> {
    await this.page.waitForTimeout(TAKEN_OVER_MS);
    const tested = this.page.waitForResponse(/\/rest\/credentials\/test$/);
    await this.modal.locator('[data-test-id="credential-save-button"]').click();
    const { data } = (await (await tested).json()) as { data: { status: string } };
    if (data.status === 'OK') {
      const good = this.page.getByText('Connection tested successfully').locator('visible=true');
      await Promise.any([this.modal.waitFor({ state: 'detached' }), good.waitFor()]);
      return { ok: true, details: '' };
    }
    const bad = this.page.getByText('Couldn’t connect with these settings').locator('visible=true');
    await bad.waitFor();
    const more = this.page.getByText('More details').locator('visible=true');
    if (await more.count()) await more.click();
    const banner = bad.locator('xpath=ancestor::*[contains(., "Retry")][1]/..');
    return { ok: false, details: await banner.first().innerText() };
  }

  async close(): Promise<void> {
    await this.modal.locator('.el-dialog__headerbtn, [aria-label="Close"]').first().click();
    await this.modal.waitFor({ state: 'detached' });
  }

  async picture(path: string): Promise<void> {
    // n8n shows a message about saving above the form for a while.
    await this.page.addStyleTag({ content: '.el-notification { visibility: hidden }' });
    // n8n shows "Saved" a moment after the result of the test, and fades it in.
    await this.modal.getByText('Saved', { exact: true }).waitFor();
    await this.page.waitForTimeout(500);
    await this.modal.screenshot({ path });
  }
}
