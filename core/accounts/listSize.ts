import { OpenBankingError } from '../errors/OpenBankingError';

/** Pages of a list after which no other is asked. */
const MAXIMUM_PAGES = 50_000;

/** Rows of a list after which no page is asked. */
const MAXIMUM_ROWS = 500_000;

const MEBIBYTE = 1024 * 1024;

/** Bytes of the pages of a list after which no other is asked: its rows are held until the list ends. */
const MAXIMUM_BYTES = 512 * MEBIBYTE;

/** How much was read of a list. A list without an end would fill the memory. */
export class ListSize {
  #pages = 0;

  #rows = 0;

  #bytes = 0;

  /** @param asked the path of the list */
  constructor(readonly asked: string) {}

  /** Adds a page. */
  add(rows: number, bytes: number): void {
    this.#pages++;
    this.#rows += rows;
    this.#bytes += bytes;
  }

  /** Whether no other page may be asked. No honest list is as long. */
  get isReached(): boolean {
    return (
      this.#pages >= MAXIMUM_PAGES || this.#rows >= MAXIMUM_ROWS || this.#bytes >= MAXIMUM_BYTES
    );
  }

  /** The failure of a list that does not end. */
  endless(): OpenBankingError {
    const size = Math.round(this.#bytes / MEBIBYTE);
    const values = { asked: this.asked, pages: this.#pages, rows: this.#rows, size };
    return new OpenBankingError('pages-endless', { problem: 'tooMany', values });
  }
}
