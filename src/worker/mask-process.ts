/** A process that hides secrets in one large JSON, started by `masked-json.ts`, and ends. It holds nothing else of the node. */
import { createSecretMask } from "../model/mask-secrets.ts";
import { storableJson } from "../model/storable-json.ts";

/** What it is given. */
export interface MaskTask {
  readonly values: readonly string[];
  readonly json: string;
}

// Whoever stops the node from a terminal signals its children too, while it lets its jobs end.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("disconnect", () => process.exit());

process.once("message", ({ values, json }: MaskTask) => {
  process.send?.(storableJson(createSecretMask(values).json(JSON.parse(json))));
});
