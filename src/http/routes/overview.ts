import { listNodes } from "../../domain/list-nodes.ts";
import { readOverview } from "../../domain/read-overview.ts";
import { NodeList, OverviewAnswer } from "../../schemas/overview.ts";
import { ok, route } from "../route.ts";

const mostNodes = 200;

/** For people, and programs, who ask whether all is well. */
export const getOverviewRoute = route({
  method: "GET",
  url: "/overview",
  role: "viewer",
  summary: "Count what came of the last day, and what is now",
  description:
    "What came of the occurrences of the last 24 hours, what became of the jobs made in them, what waits, and how many nodes there are. Each count looks at 10,000 rows at most.",
  answers: { 200: OverviewAnswer },
  async handle({ actor, context }) {
    const { occurrences, jobs, queue, ...rest } = await readOverview(context, actor);
    return ok({
      overview: {
        ...rest,
        occurrences: { ...occurrences.counts, countedFrom: occurrences.countedFrom },
        jobs: { ...jobs, waitMs: whole(jobs.waitMs) },
        queue: { ...queue, oldestQueuedMs: whole(queue.oldestQueuedMs) },
      },
    });
  },
});

/** For admins who look which processes share the database. */
export const listNodesRoute = route({
  method: "GET",
  url: "/nodes",
  role: "admin",
  summary: "List the nodes that share the database",
  answers: { 200: NodeList },
  async handle({ context }) {
    return ok({ nodes: await listNodes(context, mostNodes) });
  },
});

function whole(ms: number | null): number | null {
  return ms === null ? null : Math.max(0, Math.round(ms));
}
