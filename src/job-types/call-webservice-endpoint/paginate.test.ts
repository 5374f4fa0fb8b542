import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { failure } from "../../../test/support/outgoing.ts";
import { type ScriptedService, startScriptedService } from "../../../test/support/scripted-service.ts";
import { type Caller, callerJobId, startCaller } from "../../../test/support/webservice-caller.ts";
import { checkParams } from "./check-params.ts";
import type { Params } from "./params.ts";

let caller: Caller;
const services: ScriptedService[] = [];

beforeAll(() => {
  caller = startCaller("127.0.0.0/8");
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});
afterAll(() => caller.close());

async function serve(script: Parameters<typeof startScriptedService>[0]): Promise<ScriptedService> {
  const service = await startScriptedService(script);
  services.push(service);
  return service;
}

type PageParams = NonNullable<Params["paginate"]>;

function pages(service: ScriptedService, paginate: PageParams, more: Partial<Params> = {}) {
  return caller.runThroughWaits({ url: `${service.origin}/orders`, paginate, ...more });
}

const asked = (service: ScriptedService): string[] => service.requests.map(({ url }) => url);

/** Five orders, two a page. */
const orders = [1, 2, 3, 4, 5].map((id) => ({ id }));
const two = (from: number) => orders.slice(from, from + 2);

describe("pages are read one after another", () => {
  test("by the Link header", async () => {
    const service = await serve(({ query }) => {
      const page = Number(query.get("page") ?? "1");
      const link = page < 3 ? { link: `</orders?page=1>; rel="first", </orders?page=${page + 1}>; rel="next"` } : {};
      return { headers: link, body: two((page - 1) * 2) };
    });
    const { result, progress } = await pages(service, { by: "link" });
    expect(result).toMatchObject({ status: 200, body: orders, bodyEncoding: "json", truncated: false });
    expect(result).toMatchObject({ pages: 3, items: 5 });
    expect(asked(service)).toEqual(["/orders", "/orders?page=2", "/orders?page=3"]);
    expect(progress).toEqual(["1/100 2 items in 1 pages", "2/100 4 items in 2 pages", "3/100 5 items in 3 pages"]);
  });

  test("by an address in the answer, whose items an expression finds", async () => {
    const service = await serve(({ query }) => {
      const from = Number(query.get("from") ?? "0");
      const next = from + 2 < orders.length ? `?from=${from + 2}&size=2` : null;
      return { body: { data: two(from), links: { next } } };
    });
    const { result } = await pages(service, { by: "url", next: "body.links.next", items: "body.data.id" });
    expect(result).toMatchObject({ body: [1, 2, 3, 4, 5], pages: 3, items: 5 });
    expect(asked(service)).toEqual(["/orders", "/orders?from=2&size=2", "/orders?from=4&size=2"]);
  });

  test("by a cursor, with the other search params; a write is another one each time", async () => {
    const service = await serve(({ query }) => {
      const from = Number(query.get("after") ?? "0");
      return { body: { data: two(from), next: from + 2 < orders.length ? from + 2 : "" } };
    });
    const paginate: PageParams = { by: "cursor", param: "after", next: "body.next", items: "body.data" };
    const { result } = await pages(service, paginate, {
      method: "POST",
      body: { open: true },
      searchParams: { size: 2 },
    });
    expect(result).toMatchObject({ body: orders, pages: 3 });
    expect(asked(service)).toEqual(["/orders?size=2", "/orders?size=2&after=2", "/orders?size=2&after=4"]);
    expect(service.requests.map(({ headers }) => headers["idempotency-key"])).toEqual([
      callerJobId,
      `${callerJobId}-2`,
      `${callerJobId}-3`,
    ]);
    expect(service.requests.at(-1)?.body).toBe('{"open":true}');
  });

  test("by number, to the first empty one", async () => {
    const service = await serve(({ query }) => ({ body: two((Number(query.get("page")) - 1) * 2) }));
    const { result } = await pages(service, { by: "page" });
    expect(result).toMatchObject({ body: orders, pages: 4, items: 5 });
    expect(asked(service)).toEqual([1, 2, 3, 4].map((page) => `/orders?page=${page}`));
  });

  test("by number, as long as the answer says that there is more", async () => {
    const service = await serve(({ query }) => {
      const page = Number(query.get("p"));
      return page < 3 ? { body: { data: two(page * 2), more: page < 2 } } : { status: 400 };
    });
    const paginate: PageParams = { by: "page", param: "p", start: 0, next: "body.more", items: "body.data" };
    expect((await pages(service, paginate)).result).toMatchObject({ body: orders, pages: 3 });
  });

  test("by offset", async () => {
    const service = await serve(({ query }) => ({ body: two(Number(query.get("skip"))) }));
    const { result } = await pages(service, { by: "offset", param: "skip" });
    expect(result).toMatchObject({ body: orders, pages: 4 });
    expect(asked(service)).toEqual([0, 2, 4, 5].map((skip) => `/orders?skip=${skip}`));
  });

  test("and only counted", async () => {
    const service = await serve(({ query }) => ({ body: two((Number(query.get("page")) - 1) * 2) }));
    const { result } = await pages(service, { by: "page", collect: "count" });
    expect(result).toMatchObject({ body: null, bodyEncoding: "none", pages: 4, items: 5, truncated: false });
  });

  test("where there is none, there is nothing", async () => {
    const service = await serve(() => ({ body: { data: [] } }));
    const { result } = await pages(service, { by: "cursor", next: "body.next", items: "body.data" });
    expect(result).toMatchObject({ body: [], pages: 1, items: 0 });
  });
});

describe("limits", () => {
  const endless = ({ query }: { query: URLSearchParams }) => {
    const from = Number(query.get("offset"));
    return { body: Array.from({ length: 10 }, (_, at) => ({ id: from + at })) };
  };

  test.each([
    [{ maxPages: 3 }, /limit of maxPages, 3 allows, after 30 items in 3 pages/],
    [{ maxItems: 25 }, /limit of maxItems, 25 allows, after 25 items in 3 pages/],
  ] as const)("%j: what goes beyond fails the job", async (limits, message) => {
    const service = await serve(endless);
    const error = await failure(pages(service, { by: "offset", ...limits }), "RESPONSE_TOO_LARGE");
    expect(error.message).toMatch(message);
    expect(service.requests).toHaveLength(3);
  });

  test.each([
    [{ maxPages: 3 }, 30, 3],
    [{ maxItems: 25 }, 25, 3],
  ] as const)("%j: or ends it, if that is wanted", async (limits, items, read) => {
    const service = await serve(endless);
    const { result } = await pages(service, { by: "offset", onLimit: "stop", ...limits });
    expect(result).toMatchObject({ truncated: true, items, pages: read });
    expect(result.body).toHaveLength(items);
  });

  test("exactly the limit is no more than it", async () => {
    const service = await serve(({ query }) => ({ body: two((Number(query.get("page")) - 1) * 2) }));
    expect((await pages(service, { by: "page", maxItems: 5 })).result).toMatchObject({ items: 5, truncated: false });
  });

  test("the items together are at most 4 MiB of JSON; counted, they are not kept", async () => {
    const service = await serve(({ query }) => ({ body: [`${query.get("page")}${"x".repeat(900_000)}`] }));
    const error = await failure(pages(service, { by: "page" }), "RESPONSE_TOO_LARGE");
    expect(error.message).toMatch(/4194304 bytes of items allows, after 4 items in 5 pages/);
    const { result } = await pages(service, { by: "page", collect: "count", maxPages: 8, onLimit: "stop" });
    expect(result).toMatchObject({ items: 8, pages: 8, body: null });
  });
});

describe("pages that have been before", () => {
  test.each(["/orders", "/orders?page=2", "?page=2"])("a next page %s in a circle", async (next) => {
    const service = await serve(({ url }) => ({
      headers: { link: `<${url === "/orders" ? "?page=2" : next}>; rel=next` },
      body: [1],
    }));
    const error = await failure(pages(service, { by: "link" }), "INVALID_RESPONSE");
    expect(error.message).toMatch(/After page 2 the address of the next page .* points back .* go on for ever/);
    expect(error.retryable).toBe(false);
    expect(error.details).toMatchObject({ page: 2, items: 1, cause: expect.any(String), remedy: expect.any(String) });
    expect(service.requests).toHaveLength(2);
  });

  test("a cursor that stays", async () => {
    const service = await serve(() => ({ body: { data: [1], next: "abc" } }));
    const error = await failure(
      pages(service, { by: "cursor", next: "body.next", items: "body.data" }),
      "INVALID_RESPONSE",
    );
    expect(error.message).toMatch(/After page 2 the cursor of the next page \(abc\) points back/);
  });

  test.each(["page", "offset"] as const)("a webservice that does not know the search param %s", async (by) => {
    const service = await serve(() => ({ body: orders }));
    const error = await failure(pages(service, { by }), "INVALID_RESPONSE");
    expect(error.message).toMatch(/Pages 1 and 2 hold the same items: .* not to heed the search param/);
  });
});

describe("what cannot be used", () => {
  test.each<[PageParams, unknown, RegExp]>([
    [{ by: "page" }, { data: [] }, /is no list; say with paginate\.items/],
    [{ by: "cursor", next: "body" }, { a: 1 }, /is no list/],
    [{ by: "cursor", next: "body", items: "1" }, { a: 1 }, /The cursor .* is no text/],
    [{ by: "cursor", next: "$pad('', 9000, 'x')", items: "1" }, {}, /The cursor .* up to 8192 characters/],
    [{ by: "url", next: "7", items: "1" }, {}, /The next page .* is not a text/],
    [{ by: "url", next: "'file:///etc/passwd'", items: "1" }, {}, /begins with file:/],
  ])("%j of %j", async (paginate, body, message) => {
    const service = await serve(() => ({ body }));
    expect((await failure(pages(service, paginate), "INVALID_RESPONSE")).message).toMatch(message);
  });

  test("a page that fails says which it was", async () => {
    const service = await serve(({ query }) =>
      query.get("page") === "3" ? { status: 503, headers: { "retry-after": "9" } } : { body: [query.get("page")] },
    );
    const error = await failure(pages(service, { by: "page" }), "HTTP_STATUS");
    expect(error).toMatchObject({ retryable: true, retryAfterSeconds: 9 });
    expect(error.details).toMatchObject({ page: 3, items: 2, response: { status: 503 } });
  });

  test("a next page where jobs may not go", async () => {
    const service = await serve(() => ({ headers: { link: "<http://10.0.0.1/>; rel=next" }, body: [1] }));
    await failure(pages(service, { by: "link" }), "ADDRESS_NOT_ALLOWED");
  });
});

test("credentials go to the next page only within the origin, unless said", async () => {
  const other = await serve(() => ({ body: [2] }));
  const service = await serve(({ query }) => ({
    headers: { link: `<${query.has("page") ? other.origin : "?page=2"}>; rel=next` },
    body: [query.get("page")],
  }));
  const secretive: Partial<Params> = { headers: { "X-Account": "hush" }, auth: { type: "bearer", token: "hush" } };
  await pages(service, { by: "link" }, secretive);
  expect(service.requests[1]?.headers).toMatchObject({ authorization: "Bearer hush", "x-account": "hush" });
  expect(JSON.stringify(other.requests)).not.toContain("hush");
  await pages(service, { by: "link", credentials: "always" }, secretive);
  expect(JSON.stringify(other.requests)).toContain("hush");
});

test.each<[PageParams, string]>([
  [{ by: "url" }, "/paginate/next"],
  [{ by: "cursor" }, "/paginate/next"],
  [{ by: "link", next: "body.next" }, "/paginate/next"],
  [{ by: "link", param: "x" }, "/paginate/param"],
  [{ by: "cursor", next: "body.next", start: 1 }, "/paginate/start"],
  [{ by: "page", items: "body.(" }, "/paginate/items"],
  [{ by: "page", next: "(" }, "/paginate/next"],
])("%j is refused at %s", (paginate, path) => {
  expect(checkParams({ url: "https://a.test/", paginate }).map((fault) => fault.path)).toEqual([path]);
});
