import { useParams } from "@tanstack/react-router";
/** temporary */
export function Job() {
  return useParams({ from: "/shell/jobs/$jobId" }).jobId;
}
