/** The web page: one document for all of its addresses, and the files that it is made of. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import files from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { unavailable } from "../../model/api-errors.ts";

/** What `npm run build` makes of `web/`; the same place for the source and for the built code. */
const folder = fileURLToPath(new URL("../../../dist/web/", import.meta.url));

/** The page's addresses are `/` and those below these; `web/src/app/router.tsx` says what they show. */
const sections = [
  "sign-in",
  "jobs",
  "job-definitions",
  "job-types",
  "calendar",
  "buckets",
  "secrets",
  "notifications",
  "settings",
];

/** Files whose names hold a hash of what is in them. */
const lasting = "public, max-age=31536000, immutable";

/** What the page must know of its node. */
export interface PageOptions {
  readonly apiPrefix: string;
}

/** Serves the page and its parts under a strict content security policy. */
export async function registerPages(app: FastifyInstance, { apiPrefix }: PageOptions): Promise<void> {
  const template = readTemplate(apiPrefix);

  async function servePage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (template === undefined) {
      throw unavailable("The page has not been built; run `npm run build` and start the node again. The API works.");
    }
    const nonce = randomBytes(16).toString("base64");
    return reply
      .headers({ ...securityHeaders(nonce), "cache-control": "no-cache" })
      .type("text/html; charset=utf-8")
      .send(template.replaceAll("__NONCE__", nonce).replace("__BASE__", baseOf(request.url)));
  }

  const hidden = { schema: { hide: true } };
  app.get("/", hidden, servePage);
  for (const section of sections) {
    app.get(`/${section}`, hidden, servePage);
    app.get(`/${section}/*`, hidden, servePage);
  }
  if (template === undefined) return;
  await app.register(files, {
    root: folder,
    index: false,
    wildcard: false,
    cacheControl: false,
    globIgnore: ["index.html"],
    setHeaders(reply, path) {
      if (path.includes("/assets/")) reply.header("cache-control", lasting);
    },
  });
}

function readTemplate(apiPrefix: string): string | undefined {
  const file = `${folder}index.html`;
  if (!existsSync(file)) return undefined;
  return readFileSync(file, "utf8").replace("__API_PREFIX__", apiPrefix.slice(1));
}

/**
 * Where the page's relative addresses start, seen from the address that was asked for. A proxy may have taken any path
 * off its front, which only the browser knows; how far below the top it lies is the same for both.
 */
function baseOf(url: string): string {
  const [path = "/"] = url.split("?", 1);
  return "../".repeat(path.split("/").length - 2) || "./";
}

/**
 * Nothing from another origin and nothing inline but the styles that carry this answer's nonce: the ones in which
 * Mantine writes the theme's variables.
 */
function securityHeaders(nonce: string): Record<string, string> {
  const policy = [
    "default-src 'self'",
    "object-src 'none'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
  };
}
