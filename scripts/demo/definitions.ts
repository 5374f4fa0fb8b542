/** What the demo's shop has scheduled: sixteen definitions, each with how it fares. */

/** How a definition's jobs end when they do not end well. */
export type Failure = "unavailable" | "auth" | "invalid" | "gone";

/** One of the shop's definitions. */
export interface DemoDefinition {
  readonly code: string;
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly method?: "POST";
  readonly cron: string;
  readonly timeZone?: string;
  /** How often its schedule fires, in minutes: the past is made of it. */
  readonly everyMinutes: number;
  /** Milliseconds that a run takes, about. */
  readonly takesMs: number;
  readonly failure?: Failure;
  /** Of a thousand runs, how many fail. */
  readonly failing?: number;
  /** Whether only its last runs failed. */
  readonly failsLately?: boolean;
  readonly paused?: string;
}

const orders = "http://orders.shop.example";
const stock = "http://inventory.shop.example";
const payments = "http://payments.shop.example";

export const definitions: readonly DemoDefinition[] = [
  def("orders-import", "Import new orders", `${orders}/v1/orders`, "*/10 * * * *", 10, 240, {
    failure: "unavailable",
    failing: 12,
  }),
  def("stock-sync", "Sync stock with the warehouse", `${stock}/v1/stock`, "5-59/15 * * * *", 15, 900, {
    failure: "invalid",
    failing: 25,
  }),
  def("exchange-rates", "Fetch exchange rates", "http://rates.bank.example/v1/rates", "0 * * * *", 60, 130),
  def("payments-settle", "Settle payments", `${payments}/v1/settlements`, "30 * * * *", 60, 2_300, {
    method: "POST",
    failure: "auth",
    failing: 1000,
    failsLately: true,
  }),
  def("carts-remind", "Remind of abandoned carts", `${orders}/v1/carts/reminders`, "20 */2 * * *", 120, 1_400, {
    method: "POST",
  }),
  def(
    "search-reindex",
    "Rebuild the search index",
    "http://search.shop.example/v1/reindex",
    "0 3 * * *",
    1_440,
    640_000,
    { method: "POST", timeZone: "Europe/Berlin" },
  ),
  def("sitemap", "Write the sitemap", "http://shop.example/v1/sitemap", "15 4 * * *", 1_440, 48_000, {
    method: "POST",
    timeZone: "Europe/Berlin",
  }),
  def("invoices-mail", "Mail invoices", `${orders}/v1/invoices/mail`, "0 6 * * 1-5", 1_440, 31_000, {
    method: "POST",
    timeZone: "Europe/Berlin",
  }),
  def(
    "report-daily",
    "Daily report for the board",
    "http://reports.shop.example/v1/daily",
    "45 6 * * *",
    1_440,
    95_000,
    { timeZone: "America/Toronto" },
  ),
  def(
    "prices-competitors",
    "Watch competitors' prices",
    "http://prices.market.example/v1/prices",
    "10 */4 * * *",
    240,
    12_000,
    { failure: "gone", failing: 180 },
  ),
  def("fraud-check", "Check new orders for fraud", `${payments}/v1/fraud`, "2-59/20 * * * *", 20, 700, {
    method: "POST",
  }),
  def("returns-refund", "Refund returned goods", `${payments}/v1/refunds`, "40 */3 * * *", 180, 3_100, {
    method: "POST",
    paused: "the bank changes its API until Thursday",
  }),
  def("backup-media", "Back up pictures", "http://media.shop.example/v1/backup", "0 1 * * *", 1_440, 1_900_000, {
    method: "POST",
  }),
  def("newsletter", "Send the newsletter", "http://mail.shop.example/v1/newsletter", "0 9 * * 2", 10_080, 420_000, {
    method: "POST",
    timeZone: "Europe/Berlin",
  }),
  def("gdpr-erase", "Erase what customers asked to forget", `${orders}/v1/erasures`, "0 2 * * *", 1_440, 8_000, {
    method: "POST",
  }),
  def(
    "couriers-status",
    "Ask couriers where parcels are",
    "http://couriers.example/v1/parcels",
    "*/30 * * * *",
    30,
    2_600,
    { failure: "unavailable", failing: 40 },
  ),
];

function def(
  code: string,
  name: string,
  url: string,
  cron: string,
  everyMinutes: number,
  takesMs: number,
  more: Partial<DemoDefinition> = {},
): DemoDefinition {
  return {
    code,
    name,
    description: `${name}: part of the demo, made by \`npm run demo\`.`,
    url,
    cron,
    everyMinutes,
    takesMs,
    ...more,
  };
}
