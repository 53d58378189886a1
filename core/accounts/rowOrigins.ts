/** Which pages the rows of a list came on: for messages about a row. It holds one entry for each page. */
export class RowOrigins {
  readonly #pages: { readonly start: number; readonly interactionId: string }[] = [];

  /** A page begins. @param start the index of its first row in the list */
  begin(start: number, interactionId: string): void {
    this.#pages.push({ start, interactionId });
  }

  /** The interaction ID of the request that brought a row; `undefined` if there is no such row. @param index of the row in the list */
  interactionOf(index: number): string | undefined {
    return this.#pages.findLast(({ start }) => start <= index)?.interactionId;
  }
}
