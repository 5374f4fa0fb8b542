/** Every address of the page. A new section also goes into `sections` of `src/http/public/pages.ts`. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { NotFound } from "../parts/not-found.tsx";
import { RouteFailure } from "../parts/route-failure.tsx";
import { readBucketSearch } from "../routes/bucket/search.ts";
import { readCalendarSearch } from "../routes/calendar/search.ts";
import { readVersionsSearch } from "../routes/definition-versions/search.ts";
import { readDefinitionsSearch } from "../routes/definitions/search.ts";
import { readNewSearch } from "../routes/editor/search.ts";
import { readFileSearch } from "../routes/file/search.ts";
import { Jobs } from "../routes/jobs/jobs.tsx";
import { readJobsSearch } from "../routes/jobs/search.ts";
import { readNotificationsSearch } from "../routes/notifications/search.ts";
import { Overview } from "../routes/overview/overview.tsx";
import { readOverviewSearch } from "../routes/overview/search.ts";
import { SignIn } from "../routes/sign-in/sign-in.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: RouteFailure });

const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: SignIn });

/** Everything behind the sign-in. */
const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });

const overview = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: Overview,
  validateSearch: readOverviewSearch,
});

const jobs = createRoute({
  getParentRoute: () => shell,
  path: "/jobs",
  component: Jobs,
  validateSearch: readJobsSearch,
});

const job = createRoute({
  getParentRoute: () => shell,
  path: "/jobs/$jobId",
  component: lazyRouteComponent(() => import("../routes/job/job.tsx"), "Job"),
});

const definitions = createRoute({
  getParentRoute: () => shell,
  path: "/job-definitions",
  component: lazyRouteComponent(() => import("../routes/definitions/definitions.tsx"), "Definitions"),
  validateSearch: readDefinitionsSearch,
});

const definition = createRoute({
  getParentRoute: () => shell,
  path: "/job-definitions/$code",
  component: lazyRouteComponent(() => import("../routes/definition/definition.tsx"), "Definition"),
});

// `~` is in no code: the address is none of a definition.
const newDefinition = createRoute({
  getParentRoute: () => shell,
  path: "/job-definitions/~new",
  component: lazyRouteComponent(() => import("../routes/editor/editor.tsx"), "NewDefinition"),
  validateSearch: readNewSearch,
});

const editDefinition = createRoute({
  getParentRoute: () => shell,
  path: "/job-definitions/$code/edit",
  component: lazyRouteComponent(() => import("../routes/editor/editor.tsx"), "EditDefinition"),
});

const buckets = createRoute({
  getParentRoute: () => shell,
  path: "/buckets",
  component: lazyRouteComponent(() => import("../routes/buckets/buckets.tsx"), "Buckets"),
});

const bucket = createRoute({
  getParentRoute: () => shell,
  path: "/buckets/$bucketCode",
  component: lazyRouteComponent(() => import("../routes/bucket/bucket.tsx"), "Bucket"),
  validateSearch: readBucketSearch,
});

const bucketFile = createRoute({
  getParentRoute: () => shell,
  path: "/buckets/$bucketCode/file",
  component: lazyRouteComponent(() => import("../routes/file/file.tsx"), "File"),
  validateSearch: readFileSearch,
});

const definitionVersions = createRoute({
  getParentRoute: () => shell,
  path: "/job-definitions/$code/versions",
  component: lazyRouteComponent(
    () => import("../routes/definition-versions/definition-versions.tsx"),
    "DefinitionVersions",
  ),
  validateSearch: readVersionsSearch,
});

const calendar = createRoute({
  getParentRoute: () => shell,
  path: "/calendar",
  component: lazyRouteComponent(() => import("../routes/calendar/calendar.tsx"), "Calendar"),
  validateSearch: readCalendarSearch,
});

const jobTypes = createRoute({
  getParentRoute: () => shell,
  path: "/job-types",
  component: lazyRouteComponent(() => import("../routes/job-types/job-types.tsx"), "JobTypes"),
});

const jobType = createRoute({
  getParentRoute: () => shell,
  path: "/job-types/$jobType",
  component: lazyRouteComponent(() => import("../routes/job-type/job-type.tsx"), "JobType"),
});

const secrets = createRoute({
  getParentRoute: () => shell,
  path: "/secrets",
  component: lazyRouteComponent(() => import("../routes/secrets/secrets.tsx"), "Secrets"),
});

const notifications = createRoute({
  getParentRoute: () => shell,
  path: "/notifications",
  component: lazyRouteComponent(() => import("../routes/notifications/notifications.tsx"), "Notifications"),
  validateSearch: readNotificationsSearch,
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("../routes/settings/settings.tsx"), "Settings"),
});

/** The page's router; its addresses lie below the document's base. */
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      overview,
      jobs,
      job,
      definitions,
      newDefinition,
      editDefinition,
      definition,
      definitionVersions,
      calendar,
      buckets,
      bucket,
      bucketFile,
      jobTypes,
      jobType,
      secrets,
      notifications,
      settings,
    ]),
  ]),
  basepath: new URL(document.baseURI).pathname,
  defaultErrorComponent: RouteFailure,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
