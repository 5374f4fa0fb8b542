/** The demo's files: orders that partners send, checked and made into others, with some records that nobody could use. */
import type { Client } from "../../src/client/client.ts";

/** Where the node is, and how it is spoken to. */
export interface DemoNode {
  readonly api: Client;
  readonly origin: string;
  readonly customerCode: string;
  readonly apiKey: string;
}

const schema = {
  type: "object",
  required: ["order", "sku", "quantity", "price", "country"],
  properties: {
    order: { type: "string", pattern: "^[A-Z]{2}-[0-9]{5}$" },
    sku: { type: "string", minLength: 1 },
    quantity: { type: "integer", minimum: 1 },
    price: { type: "number", minimum: 0 },
    country: { type: "string", enum: ["DE", "FR", "CA", "US", "GB"] },
  },
};

/** Brings the files, defines the work on them, and lets it run once. */
export async function fillFiles(node: DemoNode): Promise<void> {
  const { api } = node;
  await upload(node, "incoming", [
    ["orders_berlin.csv", ordersOf("BE", 400, 37)],
    ["orders_lyon.csv", ordersOf("LY", 260, 0)],
    ["orders_toronto.csv", ordersOf("TO", 520, 91)],
    ["stock.json", JSON.stringify({ stock: Array.from({ length: 60 }, (_, place) => stockOf(place)) })],
    ["suppliers.xml", suppliers()],
  ]);
  await api.jobDefinitions.put("orders-transform", {
    jobDefinition: {
      jobDefinitionCode: "orders-transform",
      jobType: "transformDataFiles",
      name: "Orders of partners for the shop",
      description: "Checks what partners send, and writes it as the shop reads it: part of the demo.",
      params: {
        incomingBucketCode: "incoming",
        filenamePattern: "orders_*.csv",
        sourceSchema: schema,
        recordIdentifierField: "order",
        transformers: [
          {
            type: "mapping",
            fields: {
              "order.id": "order",
              "order.country": "country",
              sku: "sku",
              quantity: { from: "quantity", type: "integer" },
              price: { from: "price", type: "number" },
              currency: { value: "EUR" },
            },
          },
          { type: "jsonata", expression: "quantity > 20 ? null : $merge([$, {'total': $round(quantity * price, 2)}])" },
        ],
        skipInvalidRecords: true,
        processedBucketCode: "processed",
        targetBucketCode: "processed",
        targetFilenamePattern: "{name}.shop.jsonl",
        targetFormat: { format: "jsonl" },
      },
      options: { retry: { maxAttempts: 1 } },
    },
  });
  await api.jobDefinitions.put("stock-check", {
    jobDefinition: {
      jobDefinitionCode: "stock-check",
      jobType: "validateDataFiles",
      name: "Check the stock that the warehouse sends",
      params: {
        incomingBucketCode: "incoming",
        filenamePattern: "stock*.json",
        parseOptions: { format: "json", path: "/stock" },
        sourceSchema: { required: ["sku"], properties: { stock: { type: "integer", minimum: 0 } } },
        recordIdentifierField: "sku",
        invalidBucketCode: "invalid",
      },
      options: { retry: { maxAttempts: 1 } },
    },
  });
  const made = [await api.jobDefinitions.execute("orders-transform"), await api.jobDefinitions.execute("stock-check")];
  await Promise.all(made.map(({ jobId }) => api.jobs.get(jobId, { waitSeconds: 60 })));
  // More of the same, for whoever wants to try it.
  await upload(node, "incoming", [
    ["orders_lyon.csv", ordersOf("LY", 300, 53)],
    ["orders_madrid.csv", ordersOf("MA", 180, 17)],
  ]);
}

async function upload(
  { origin, customerCode, apiKey }: DemoNode,
  bucketCode: string,
  files: readonly (readonly [name: string, content: string])[],
): Promise<void> {
  const body = new FormData();
  for (const [name, content] of files) body.append("file[]", new Blob([content]), name);
  const response = await fetch(`${origin}/vue/_api/v1/buckets/${bucketCode}/upload`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "x-customer-code": customerCode },
    body,
  });
  if (!response.ok) throw new Error(`the demo's files were refused: ${await response.text()}`);
}

const skus = ["SHOE-0042", "SHOE-0107", "BOOT-0013", "SOCK-0900", "HAT-0008"];
const countries = ["DE", "FR", "CA", "US", "GB"];

/** Orders as a partner writes them. @param every how often one is as it should not be; 0 is never */
function ordersOf(shop: string, count: number, every: number): string {
  const lines = Array.from({ length: count }, (_, place) => {
    const isBad = every > 0 && place % every === every - 1;
    const quantity = 1 + ((place * 7) % 24);
    const price = (9.9 + ((place * 13) % 80)).toFixed(2);
    const country = countries[place % countries.length];
    const fields = [`${shop}-${10_000 + place}`, skus[place % skus.length], String(quantity), price, country];
    return (isBad ? spoil(fields, place) : fields).join(",");
  });
  return `order,sku,quantity,price,country\n${lines.join("\n")}\n`;
}

function spoil([order = "", sku = "", quantity = "", price = "", country = ""]: (string | undefined)[], place: number) {
  switch (place % 3) {
    case 0:
      return [order, sku, "none", price, country];
    case 1:
      return [order.toLowerCase(), sku, quantity, price, country];
    default:
      return [order, sku, quantity, `${price} EUR`, "Atlantis"];
  }
}

function stockOf(place: number): object {
  return { sku: `SHOE-${String(place).padStart(4, "0")}`, stock: place === 41 ? -3 : (place * 37) % 90 };
}

function suppliers(): string {
  const names = ["Schuster & Söhne", "Cordonnerie Lyonnaise", "Maple Soles"];
  const all = names.map(
    (name, place) => `  <supplier><id>${place + 1}</id><name>${name.replace("&", "&amp;")}</name></supplier>`,
  );
  return `<?xml version="1.0"?>\n<suppliers>\n${all.join("\n")}\n</suppliers>\n`;
}
