import type { Editor } from './editor';

/** Defects of a workflow's notes. */
export interface NoteFaults {
  /** Notes whose text is longer than their box, by how many pixels. */
  cut: number[];
  /** Names of the nodes that overlap a note. */
  overlapped: string[];
}

/** Looks at the notes of the workflow that the editor shows. */
export async function noteFaults({ page }: Editor): Promise<NoteFaults> {
  const notes = page.locator('[data-test-id="sticky"]');
  await notes.first().waitFor();
  // The canvas moves after it has been drawn.
  await page.locator('[data-test-id="canvas-node"]').first().waitFor();
  const boxes: Box[] = [];
  const cut: number[] = [];
  for (const note of await notes.all()) {
    const box = (await note.boundingBox())!;
    const text = (await note.locator('h2').first().locator('xpath=..').boundingBox())!;
    boxes.push(box);
    const missing = text.y + text.height - (box.y + box.height);
    if (missing > 0) cut.push(Math.ceil(missing));
  }
  const overlapped: string[] = [];
  for (const node of await page.locator('[data-test-id="canvas-node"]').all()) {
    const name = (await node.getAttribute('data-node-name'))!;
    const own = (await node.boundingBox())!;
    // A note is a node of the canvas, too.
    if (await node.locator('[data-test-id="sticky"]').count()) continue;
    if (boxes.some((box) => meet(box, own))) overlapped.push(name);
  }
  return { cut, overlapped };
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const meet = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;
