/** Leaves out of a validator's complaints what is about branches of a union that were not meant. */
import type { SchemaComplaint } from "./schema-complaint.ts";

/** Unions that are looked at: no more faults are told, and a body can hold a hundred thousand. */
const mostUnions = 20;

/**
 * The complaints without those of branches that a field rules out.
 *
 * Where the branches of a union are told apart by a constant (`{"type": "basic", …} | {"type": "bearer", …}`), only the branch counts whose
 * constant is there. Where none is, one complaint names all constants; where the field is missing, only what every branch misses counts.
 */
export function ofChosenBranches(complaints: readonly SchemaComplaint[]): readonly SchemaComplaint[] {
  const unions = complaints.filter(({ keyword, schemaPath }) => keyword === "anyOf" && schemaPath !== undefined);
  return unions.slice(0, mostUnions).reduce<readonly SchemaComplaint[]>(withoutOthers, complaints);
}

function withoutOthers(complaints: readonly SchemaComplaint[], union: SchemaComplaint): readonly SchemaComplaint[] {
  const branches = new Map<string, SchemaComplaint[]>();
  const start = `${union.schemaPath}/anyOf/`;
  for (const complaint of complaints) {
    const { schemaPath = "", instancePath } = complaint;
    const isWithin = instancePath === union.instancePath || instancePath.startsWith(`${union.instancePath}/`);
    if (!isWithin || !schemaPath.startsWith(start)) continue;
    const branch = schemaPath.slice(start.length).split("/", 1)[0] ?? "";
    const others = branches.get(branch);
    if (others) others.push(complaint);
    else branches.set(branch, [complaint]);
  }
  const all = [...branches.values()];
  const ruledOut = all.filter((branch) => branch.some((complaint) => isConstantOf(complaint, union)));
  if (ruledOut.length === 0) return withoutChoice(complaints, all, union);
  const dropped = new Set((ruledOut.length < all.length ? ruledOut : all).flat());
  const kept = complaints.filter((complaint) => !dropped.has(complaint));
  return ruledOut.length < all.length ? kept : [...kept, ...oneOfConstants(ruledOut, union)];
}

/** A constant that a field of the union's own object should have. */
function isConstantOf({ keyword, instancePath }: SchemaComplaint, union: SchemaComplaint): boolean {
  return keyword === "const" && /^\/[^/]*$/.test(instancePath.slice(union.instancePath.length));
}

function oneOfConstants(branches: readonly SchemaComplaint[][], union: SchemaComplaint): SchemaComplaint[] {
  const constants = branches.flatMap((branch) => branch.filter((complaint) => isConstantOf(complaint, union)));
  const [first] = constants;
  if (!first) return [];
  const allowedValues = constants.map(({ params }) => new Map(Object.entries(params)).get("allowedValue"));
  return [{ ...first, keyword: "enum", params: { allowedValues } }];
}

/** Nothing tells which branch was meant: what one of several objects misses alone is no fault. */
function withoutChoice(
  complaints: readonly SchemaComplaint[],
  branches: readonly SchemaComplaint[][],
  union: SchemaComplaint,
): readonly SchemaComplaint[] {
  const missing = branches.map((branch) =>
    branch.filter(({ keyword, instancePath }) => keyword === "required" && instancePath === union.instancePath),
  );
  const [first] = missing.flat();
  if (!first || branches.length < 2 || missing.some((branch) => branch.length === 0)) return complaints;
  const names = missing.map((branch) => branch.flatMap(({ params }) => listOf(params)));
  const [some = [], ...others] = names;
  const common = some.filter((name) => others.every((other) => other.includes(name)));
  if (common.length === 0) return complaints;
  const dropped = new Set(branches.flat());
  return [
    ...complaints.filter((complaint) => !dropped.has(complaint)),
    { ...first, params: { requiredProperties: common } },
  ];
}

function listOf(params: object): unknown[] {
  const names: unknown = new Map<string, unknown>(Object.entries(params)).get("requiredProperties");
  return Array.isArray(names) ? names : [];
}
