import type { Locator, Page } from 'playwright-core';
import { copy, pasteInto, TAKEN_OVER_MS, typeInto } from './clipboard';
import { CredentialForm } from './credentialForm';

/** The result that a node's panel shows after "Execute step". */
export interface StepResult {
  /** Message and description of the error; empty if the step succeeded. */
  error: string;
  /** The number of items on the first output in the editor's words, such as `1 item`; empty if the step failed. */
  items: string;
}

/** The panel of an opened node, with its input, its parameters and its output. */
export class NodePanel {
  private readonly panel: Locator;

  constructor(private readonly page: Page) {
    this.panel = page.locator('[data-test-id="ndv"]');
  }

  async isOpen(): Promise<void> {
    await this.part('node-parameters').waitFor();
  }

  private part(testId: string): Locator {
    return this.panel.locator(`[data-test-id="${testId}"]`).locator('visible=true');
  }

  /** A parameter, by the name that it has in a saved workflow; the last one if several have the name. */
  parameter(name: string): Locator {
    return this.part(`parameter-input-${name}`).last();
  }

  /** The input of a parameter in the mode Fixed, or the editor in the mode Expression. */
  private input(name: string): Locator {
    return this.parameter(name).locator('.cm-content, input, textarea').first();
  }

  /** Searches the list of a parameter with the keyboard, and chooses with the mouse. */
  async choose(name: string, option: string): Promise<void> {
    await this.parameter(name).click();
    await this.page.keyboard.type(option);
    await this.page.getByRole('option', { name: option }).locator('visible=true').first().click();
  }

  /** Opens the list of a parameter that is chosen from a list, such as a consent, and returns what it shows. */
  async openList(name: string): Promise<Locator> {
    await this.part(`resource-locator-${name}`).locator('input').last().click();
    return this.page.locator('[data-test-id="rlc-item"]').locator('visible=true');
  }

  /** Chooses from the list of such a parameter with the mouse. */
  async chooseFromList(name: string, text: string): Promise<void> {
    const items = await this.openList(name);
    await items.filter({ hasText: text }).first().click();
    await this.page.waitForTimeout(TAKEN_OVER_MS);
  }

  /** Gives such a parameter a text, in place of a choice from the list. */
  async typeId(name: string, text: string): Promise<void> {
    const locator = this.part(`resource-locator-${name}`);
    await locator.locator('[data-test-id="rlc-mode-selector"]').click();
    await this.page.locator('[data-test-id="mode-id"]').locator('visible=true').click();
    await typeInto(locator.locator('.cm-content, input, textarea').last(), text);
    await this.page.waitForTimeout(TAKEN_OVER_MS);
  }

  /** The options that a parameter's list shows after a text was typed into it. */
  async optionsLike(name: string, text: string): Promise<string[]> {
    await this.parameter(name).click();
    await this.page.keyboard.type(text);
    const list = this.page.locator('.el-select-dropdown:visible, .el-popper:visible');
    await list.first().waitFor();
    const options = list.getByRole('option').locator('visible=true');
    // The list filters a moment after each key: until then it still shows what fits the beginning of the text.
    for (let wait = 0; wait < 50 && (await options.filter({ hasNotText: text }).count()); wait++) {
      await this.page.waitForTimeout(100);
    }
    const texts = await options.allInnerTexts();
    await this.page.keyboard.press('Escape');
    return texts.map((option) => option.trim());
  }

  /** Replaces the content of a parameter, in any mode, by pasting a text with the keyboard. */
  async paste(name: string, text: string): Promise<void> {
    await copy(this.page, text);
    await this.pasteCopied(name);
  }

  /** Pastes the content of the clipboard. */
  async pasteCopied(name: string): Promise<void> {
    await this.page.bringToFront();
    await pasteInto(this.input(name));
    await this.page.waitForTimeout(TAKEN_OVER_MS);
  }

  /** Replaces the content of a parameter by typing a text, key by key. */
  async type(name: string, text: string): Promise<void> {
    await typeInto(this.input(name), text);
    await this.page.waitForTimeout(TAKEN_OVER_MS);
  }

  /** Flips a switch. */
  async flip(name: string): Promise<void> {
    await this.parameter(name).locator('.el-switch').click();
  }

  /** Gives the node another name, at the top of its panel. */
  async rename(name: string): Promise<void> {
    const title = this.part('node-title-container');
    await title.locator('[data-test-id="inline-edit-preview"]').click();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(name);
    await this.page.keyboard.press('Enter');
    await title.getByText(name, { exact: true }).locator('visible=true').first().waitFor();
  }

  /** Adds an option of the collection "Options". */
  async addOption(name: string): Promise<void> {
    await this.part('collection-parameter-add').last().click();
    await this.page.getByRole('option', { name }).locator('visible=true').first().click();
  }

  /** Whether a parameter is in the mode Fixed or Expression. */
  async mode(name: string): Promise<'Fixed' | 'Expression'> {
    const expression = this.parameter(name).locator(
      '[data-test-id="inline-expression-editor-input"]',
    );
    return (await expression.count()) ? 'Expression' : 'Fixed';
  }

  /** Opens the form for a new credential with the button that a node without one has, or from the list of them. */
  async newCredential(): Promise<CredentialForm> {
    const connect = this.part('node-credentials-empty-state').getByRole('button');
    const select = this.part('node-credentials-select');
    await connect.or(select).first().waitFor();
    if (await connect.count()) {
      await connect.click();
    } else {
      await select.click();
      await this.page.locator('[data-test-id="node-credentials-select-item-new"]').click();
    }
    return new CredentialForm(this.page);
  }

  /** Opens the form of the chosen credential with the pencil. */
  async editCredential(): Promise<CredentialForm> {
    await this.part('credential-edit-button').click();
    return new CredentialForm(this.page);
  }

  /** Chooses one of the saved credentials. */
  async chooseCredential(name: string): Promise<void> {
    await this.part('node-credentials-select').click();
    await this.page.getByRole('option', { name }).locator('visible=true').first().click();
  }

  /** The credential that is chosen. */
  async credential(): Promise<string> {
    return this.part('node-credentials-select').locator('input').first().inputValue();
  }

  /** Presses "Execute step", and returns the result. */
  async execute(): Promise<StepResult> {
    await this.dismissMessages();
    await this.part('node-execute-button').first().click();
    const ended = this.messages().filter({
      hasText: /executed successfully|Problem in node|cannot start/,
    });
    await ended.first().waitFor({ timeout: 30_000 });
    const said = await ended.first().innerText();
    // The editor itself refuses: the node did not run, so it shows nothing.
    if (said.includes('cannot start')) return { error: said, items: '' };
    if (said.includes('Problem in node')) {
      const error = this.part('node-error-message').or(this.part('node-error-description'));
      return { error: [said, ...(await error.allInnerTexts())].join('\n'), items: '' };
    }
    const output = this.panel.locator('[data-test-id="output-panel"]');
    const items = output.locator('[data-test-id="ndv-items-count"]');
    return { error: '', items: await items.first().innerText() };
  }

  /** n8n's messages in the corner. */
  private messages(): Locator {
    return this.page.locator('.el-notification').locator('visible=true');
  }

  /** Closes all of them, so that the next one is about the next step. */
  private async dismissMessages(): Promise<void> {
    const messages = this.page.locator('.el-notification');
    while (await messages.count()) {
      const close = messages.last().locator('.el-notification__closeBtn');
      // A message that is fading out disappears without a click.
      await close.click({ timeout: 1000 }).catch(() => undefined);
      await this.page.waitForTimeout(TAKEN_OVER_MS);
    }
  }

  async close(): Promise<void> {
    await this.dismissMessages();
    await this.part('ndv-close-button').click();
    await this.panel.waitFor({ state: 'detached' });
  }
}
