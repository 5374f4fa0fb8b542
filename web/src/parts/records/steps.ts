/** The steps that a record goes through, as people call them. */
import { visible } from "../visible.ts";

/** What a step is called: `parse`, `sourceSchema`, `transformers/0`, `transformers/0/schema`, `targetSchema`. */
export function stepName(step: string): string {
  if (step === "parse") return "Read";
  if (step === "sourceSchema") return "Source schema";
  if (step === "targetSchema") return "Target schema";
  const [, place, schema] = /^transformers\/(\d+)(\/schema)?$/.exec(step) ?? [];
  if (place === undefined) return visible(step);
  return `${schema ? "Schema of transformer" : "Transformer"} ${Number(place) + 1}`;
}
