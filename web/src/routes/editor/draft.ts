/** A definition while somebody writes it. */
import type { GivenDefinition, GivenOptions, GivenSchedule, JobDefinition } from "../../api/job-definitions.ts";

/** What the fields of the editor hold. */
export interface Draft {
  readonly code: string;
  readonly name: string;
  readonly description: string;
  readonly jobType: string;
  readonly params: Record<string, unknown>;
  readonly options: GivenOptions;
  readonly schedule: GivenSchedule | null;
}

/** Nothing yet. */
export function emptyDraft(jobType: string): Draft {
  return { code: "", name: "", description: "", jobType, params: {}, options: {}, schedule: null };
}

/** The definition as it is. */
export function draftOf(definition: JobDefinition): Draft {
  const { jobDefinitionCode, name, description, jobType, params, options, schedule } = definition;
  return { code: jobDefinitionCode, name, description, jobType, params, options, schedule };
}

/** Another definition like it, under a code that is still to be found. */
export function copyOf(definition: JobDefinition): Draft {
  return { ...draftOf(definition), code: `${definition.jobDefinitionCode}-copy`, name: `${definition.name} (copy)` };
}

/** What is sent to make it. */
export function toDefinition({ code, name, description, jobType, params, options, schedule }: Draft): GivenDefinition {
  return {
    jobDefinitionCode: code.trim(),
    jobType,
    ...(name.trim() !== "" && { name: name.trim() }),
    description,
    params,
    options,
    schedule,
  };
}

/** What is sent to change it: options that nobody touched stay as they are, those that follow a default among them. */
export function toChange(draft: Draft, before: JobDefinition): Partial<GivenDefinition> {
  const { jobDefinitionCode: _code, options, ...rest } = toDefinition(draft);
  return draft.options === before.options ? rest : { ...rest, options };
}

/** A code made of a name: letters, digits and dashes. */
export function codeFor(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 128);
}
