/** The file that is worked on, and what its records must fulfil. */
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const rowsAtOnce = 1_000;
const note = "something that a customer has said about the order, with a comma and some length to it";

/** Of each row; one in a hundred breaks it. */
export const schema = {
  type: "object",
  required: ["id", "email", "amount", "quantity", "country", "ordered"],
  properties: {
    id: { type: "integer", minimum: 0 },
    email: { type: "string", minLength: 3, maxLength: 200 },
    amount: { type: "number", minimum: 0 },
    quantity: { type: "integer", minimum: 1 },
    country: { enum: ["AT", "CA", "DE", "FR", "IN", "US"] },
    ordered: { type: "string", format: "date" },
    note: { type: "string", maxLength: 500 },
  },
};

/** Writes a delimited file of rows of about 150 bytes. */
export async function writeRows(path: string, rows: number): Promise<void> {
  const { enum: countries } = schema.properties.country;
  function* pieces(): Generator<string> {
    yield "id,email,amount,quantity,country,ordered,note\n";
    for (let from = 0; from < rows; from += rowsAtOnce) {
      let text = "";
      for (let row = from; row < Math.min(rows, from + rowsAtOnce); row++) {
        const amount = row % 100 === 99 ? "unknown" : (row % 10_000) / 4;
        const day = String((row % 28) + 1).padStart(2, "0");
        text += `${row},customer${row % 5_000}@example.com,${amount},${(row % 9) + 1},${countries[row % 6]},2026-03-${day},"${note}"\n`;
      }
      yield text;
    }
  }
  await pipeline(Readable.from(pieces()), createWriteStream(path));
}
