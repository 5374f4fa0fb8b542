/**
 * The direction of imports: the table of docs/architecture.md, which a test holds equal to this. Each folder names all
 * that it may import of this repository; anything else is an error. npm packages and Node's own modules are free, but
 * for `postgres`, which is the store's.
 */
const model = "^src/model/";
const runtime = "^src/runtime/";
const contract = "^src/job-types/contract\\.ts$";

/** Folder → what it may import besides itself. */
const allowed = {
  config: [model],
  model: [],
  schemas: [model],
  store: [model],
  domain: [model, "^src/store/", runtime],
  runtime: [model],
  http: ["^src/schemas/", "^src/domain/", model, runtime],
  scheduler: ["^src/domain/", model, runtime, "^src/mail/", "^src/egress/"],
  mail: [model],
  worker: ["^src/domain/", model, runtime, "^src/egress/", contract],
  egress: [model],
  expressions: [model, runtime],
  files: [model, runtime],
  "embedded-postgres": [runtime],
  client: ["^src/schemas/"],
  cli: ["^src/client/", "^src/main\\.ts$", "^src/startup/", "^src/config/", "^src/runtime/logger\\.ts$", model],
};

/** Unit tests also use what tests share, and may bring real neighbours together. */
const tests = "\\.(test|fixture)\\.ts$|/test-support\\.ts$|/testing\\.ts$";

const folders = Object.entries(allowed).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} may import ${others.length > 0 ? others.join(", ") : "nothing else of ours"}`,
  severity: "error",
  from: { path: `^src/${folder}/`, pathNot: tests },
  to: { path: "^(src|test|web)/", pathNot: [`^src/${folder}/`, ...others] },
}));

module.exports = {
  forbidden: [
    ...folders,
    {
      name: "job-types-see-the-contract",
      comment: "a job type imports its own folder, what types share, the contract and npm",
      severity: "error",
      from: { path: "^src/job-types/([^/]+)/", pathNot: tests },
      to: { path: "^src/", pathNot: ["^src/job-types/$1/", "^src/job-types/shared/", contract] },
    },
    {
      name: "contract-and-registry",
      severity: "error",
      from: { path: "^src/job-types/[^/]+\\.ts$", pathNot: tests },
      to: { path: "^src/", pathNot: ["^src/job-types/", model] },
    },
    {
      name: "only-the-store-speaks-sql",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/store/", tests] },
      to: { path: "node_modules/postgres/" },
    },
    {
      name: "nobody-imports-the-root",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/(cli|startup)/", "^src/main\\.ts$", tests] },
      to: { path: "^src/(main\\.ts|startup/)" },
    },
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-dev-packages",
      severity: "error",
      from: { path: "^src/", pathNot: tests },
      to: { dependencyTypes: ["npm-dev"] },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      conditionNames: ["import", "node", "default"],
      exportsFields: ["exports"],
    },
  },
};
