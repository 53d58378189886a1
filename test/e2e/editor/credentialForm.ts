import type { Locator, Page } from 'playwright-core';
import { copy, pasteInto, TAKEN_OVER_MS, typeInto } from './clipboard';

/** What the editor says after the Test button. */
export interface TestResult {
  ok: boolean;
  /** The message behind "More details"; n8n shows none if the test went well. */
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

  /** Pastes a text with the keyboard in place of what the field holds. */
  async paste(name: string, text: string): Promise<void> {
    await copy(this.page, text);
    await pasteInto(this.input(name));
  }

  /** Types a text in place of what the field holds. */
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

  /** Saves, which tests, and reads the result. n8n closes the form of a new credential that was opened from a node if the test went well. */
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
    // What n8n says of having saved comes and goes above the form.
    await this.page.addStyleTag({ content: '.el-notification { visibility: hidden }' });
    // n8n fades "Saved" in.
    await this.page.waitForTimeout(500);
    await this.modal.screenshot({ path });
  }
}
