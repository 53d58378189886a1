import type { Schema } from '../../core/store/schema';
import type { SqlStore } from '../../core/store/sqlStore';
import { closeAfterTest } from '../support/servers/closing';
import { storeAt, type Place } from './places';

/** A kind of store, as the contracts need it. */
export interface StoreKind {
  /** Creates a new, empty place. */
  newPlace: () => Promise<Place>;
  /** Executes an SQL statement at a place, without the store. */
  execute: (place: Place, statement: string) => Promise<void>;
}

/** The place of the current test, and a store there. */
export class TestPlace {
  place!: Place;
  store!: SqlStore;

  /** A new, empty place before each test of the surrounding `describe`. */
  constructor(private readonly kind: StoreKind) {
    beforeEach(async () => {
      this.place = await kind.newPlace();
      this.store = this.open();
    });
  }

  /** Another store at the place. It is closed after the test. */
  open(schema?: Schema): SqlStore {
    const opened = storeAt(this.place, schema);
    closeAfterTest(() => opened.close());
    return opened;
  }

  /** Executes an SQL statement, without the store. */
  execute(statement: string): Promise<void> {
    return this.kind.execute(this.place, statement);
  }
}
