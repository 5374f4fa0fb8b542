/** `/overview` and `/nodes` */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { NodeList, OverviewAnswer } from "../../../src/schemas/overview.ts";
import { request } from "./request.ts";

/** What the last day was like, and what is now. */
export type Overview = Static<typeof OverviewAnswer>["overview"];

/** A process that shares the database. */
export type ListedNode = Static<typeof NodeList>["nodes"][number];

/** The counts of the last day. */
export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: async ({ signal }) =>
    (await request<Static<typeof OverviewAnswer>>("GET", "/overview", { signal })).overview,
});

/** The nodes that share the database; for admins. */
export const nodesQuery = queryOptions({
  queryKey: ["nodes"],
  queryFn: async ({ signal }) => (await request<Static<typeof NodeList>>("GET", "/nodes", { signal })).nodes,
});
