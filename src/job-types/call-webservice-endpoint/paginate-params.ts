/** The `paginate` of a call: how an answer of many pages is read. */
import Type, { type Static } from "typebox";
import type { Fault, IsOpen } from "../shared/fault.ts";
import { checkExpression } from "./check-expression.ts";
import { Expression } from "./param-schemas.ts";

/** Pages that are read unless the params say otherwise. */
export const defaultMaxPages = 100;

/** Items that are read unless the params say otherwise. */
export const defaultMaxItems = 10_000;

/** Bytes of JSON that collected items may take: as much as the largest single answer. */
export const maxCollectedBytes = 4 * 1024 * 1024;

/** How an answer of many pages is read. */
export const paginateSchema = Type.Object(
  {
    by: Type.Enum(["link", "url", "cursor", "page", "offset"], {
      title: "By",
      description:
        "How the next page is named: `link` by the Link header (rel=next), `url` by an address in the answer, `cursor` by a value of the answer in a search param, `page` by its number, `offset` by how many items came before.",
      examples: ["cursor"],
    }),
    next: Type.Optional(
      Expression({
        title: "Next",
        description:
          "A JSONata expression over an answer, `{status, headers, body}`: with `url` the address of the next page, with `cursor` its cursor, with `page` and `offset` whether there is one. Nothing, null, false and an empty text end the pages.",
        examples: ["body.links.next", "body.nextCursor", "body.hasMore"],
      }),
    ),
    param: Type.Optional(
      Type.String({
        title: "Search param",
        description: "The search param for cursor, page or offset; named as `by` unless said.",
        examples: ["starting_after"],
        minLength: 1,
        maxLength: 128,
      }),
    ),
    start: Type.Optional(
      Type.Integer({
        title: "First page or offset",
        description: "1 for pages and 0 for offsets unless said.",
        minimum: 0,
        maximum: 1_000_000_000,
        examples: [0],
      }),
    ),
    items: Type.Optional(
      Expression({
        title: "Items",
        description:
          "A JSONata expression over an answer for the items of its page. Without it the body is their list.",
        examples: ["body.data", "body.orders.{'id': id, 'total': total}"],
      }),
    ),
    collect: Type.Optional(
      Type.Enum(["items", "count"], {
        title: "Collect",
        description:
          "Keep the items of all pages as the body of the result (4 MiB of JSON at most), or only count them.",
        default: "items",
        examples: ["count"],
      }),
    ),
    maxPages: Type.Optional(
      Type.Integer({ title: "Limit of pages", default: defaultMaxPages, minimum: 1, maximum: 10_000, examples: [20] }),
    ),
    maxItems: Type.Optional(
      Type.Integer({
        title: "Limit of items",
        default: defaultMaxItems,
        minimum: 1,
        maximum: 10_000_000,
        examples: [500],
      }),
    ),
    onLimit: Type.Optional(
      Type.Enum(["fail", "stop"], {
        title: "At a limit",
        description: "Fail the job where there is more than the limits allow, or keep what came and say `truncated`.",
        default: "fail",
        examples: ["stop"],
      }),
    ),
    credentials: Type.Optional(
      Type.Enum(["sameOrigin", "always"], {
        title: "Credentials",
        description:
          "Whether `auth`, `tls` and headers that might be credentials go along only to the origin of `url`, or wherever the answer sends us.",
        default: "sameOrigin",
        examples: ["always"],
      }),
    ),
  },
  {
    title: "Pages",
    description: "Reads one page after another, and collects their items or counts them.",
    examples: [{ by: "cursor", next: "body.nextCursor", items: "body.orders" }],
    additionalProperties: false,
  },
);

/** The `paginate` of a call. */
export type Paginate = Static<typeof paginateSchema>;

/** What is wrong with `paginate`. */
export function checkPaginate(paginate: Paginate, isOpen: IsOpen): Fault[] {
  const { by, next, param, start, items } = paginate;
  const faults = [
    ...checkExpression(next, "/paginate/next", isOpen),
    ...checkExpression(items, "/paginate/items", isOpen),
  ];
  if ((by === "url" || by === "cursor") && next === undefined) {
    faults.push({ path: "/paginate/next", message: `is missing: with by "${by}" say where the next ${by} is` });
  }
  if (by === "link" && next !== undefined) {
    faults.push({ path: "/paginate/next", message: 'plays no part with by "link"; leave it out, or set by to "url"' });
  }
  if (by !== "page" && by !== "offset" && start !== undefined) {
    faults.push({ path: "/paginate/start", message: `plays no part with by "${by}"; leave it out` });
  }
  if ((by === "link" || by === "url") && param !== undefined) {
    faults.push({ path: "/paginate/param", message: `plays no part with by "${by}"; leave it out` });
  }
  return faults;
}
