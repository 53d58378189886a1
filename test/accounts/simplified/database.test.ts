import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/stores/postgres';
import { row, simplified } from './rows';

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.connectionString });
  await client.connect();
  await client.query(
    'CREATE TABLE items (id text PRIMARY KEY, description text, amount numeric, booked_at text, item jsonb)',
  );
}, 60_000);
afterAll(async () => {
  await client?.end();
  await database?.close();
});

const TEXTS = ['a\u0000b', '\ud83d', '\ude00x', 'x\u001b[31m', '\u0085', '\ufeffx', '\ud83d\ude00'];

const AMOUNTS = ['12.50', '.5', '5.', '1e3', '00012.00', '0.12345', '1234567890123.12345', '-0.00'];

const DATES = [
  '2026-03-02',
  '2026-03-02T10:00:00',
  '2026-03-02T10:00Z',
  '2026-03-02T10:00:00+0000',
  '2026-03-02T10:00:00-03',
  '2026-03-02T10:00:00.1234567Z',
  '2026-03-02T10:00:00,5Z',
  '2026-03-02 10:00:00z',
  '2026-03-02T23:59:60Z',
  '2026-03-02T24:00:00Z',
  '2026-03-02T10:00:00+15:59',
  '2028-02-29',
];

describe('items in PostgreSQL', () => {
  it('go into columns of text, jsonb and numeric, and their dates can be read as dates', async () => {
    const rows = [
      ...TEXTS.map((text) => row({ TransactionId: text, TransactionInformation: text })),
      ...AMOUNTS.map((Amount) => row({ TransactionId: `a ${Amount}`, Amount: { Amount } })),
      ...DATES.map((BookingDateTime) =>
        row({ TransactionId: `d ${BookingDateTime}`, BookingDateTime }),
      ),
    ];
    const { items, failure } = simplified(rows);
    expect([items.length, failure]).toEqual([rows.length, undefined]);
    for (const item of items) {
      await client.query('INSERT INTO items VALUES ($1, $2, $3, $4, $5)', [
        item.transaction_id,
        item.description,
        item.amount,
        item.booked_at,
        JSON.stringify(item),
      ]);
    }
    // A session in another zone does not move the day of a text.
    await client.query("SET TIME ZONE 'Pacific/Auckland'");
    const { rows: stored } = await client.query<Record<string, unknown>>(
      `SELECT booked_at::timestamptz IS NOT NULL AS has_time, booked_at::date::text = left(booked_at, 10) AS same_day,
        amount::text AS amount, item->>'amount' AS sent FROM items`,
    );
    expect(stored).toHaveLength(rows.length);
    for (const { has_time: hasTime, same_day: sameDay, amount, sent } of stored) {
      expect([hasTime, sameDay]).toEqual([true, true]);
      expect(Number(amount)).toBe(Number(sent));
    }
  });
});
