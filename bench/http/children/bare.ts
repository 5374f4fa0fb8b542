/** A bare Fastify route that answers a constant. */
import Fastify from "fastify";
import { serveParent } from "../../support/serve-parent.ts";

const app = Fastify();
const answer = { jobId: "20260101-01890a5d-ac96-774b-bcce-b302099a8057" };
app.post("/job-types/:jobTypeCode/_execute", async () => answer);
await app.listen({ host: "127.0.0.1", port: 0 });

await serveParent({ where: async () => ({ url: `${app.listeningOrigin}/job-types/noOp/_execute` }) }, () =>
  app.close(),
);
