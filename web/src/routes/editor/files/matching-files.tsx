import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { isErrorsName } from "../../../../../src/model/file-name.ts";
import { filesQuery } from "../../../api/buckets.ts";
import { ProblemError } from "../../../api/request.ts";
import { visible } from "../../../parts/visible.ts";

const mostNamed = 3;
const mostCounted = 200;

/** The files that a job would take now: the first 200, as it would take them. */
export function useMatchingFiles(bucketCode: string, pattern: string) {
  const [asked] = useDebouncedValue({ bucketCode, pattern }, 300);
  const files = useQuery({
    ...filesQuery(asked.bucketCode, { pattern: asked.pattern, limit: mostCounted }),
    enabled: asked.bucketCode !== "" && asked.pattern !== "",
  });
  const names = (files.data?.files ?? [])
    .map(({ filename }) => filename)
    // Those are passed over unless they are asked for.
    .filter((name) => isErrorsName(asked.pattern) || !isErrorsName(name));
  return { names, isMore: files.data?.nextCursor != null, isKnown: files.data !== undefined, error: files.error };
}

/** Says which files that are. */
export function MatchingFiles({ files }: { files: ReturnType<typeof useMatchingFiles> }) {
  const { names, isMore, isKnown, error } = files;
  const isGone = error instanceof ProblemError && error.problem.status === 404;
  if (isGone)
    return (
      <Text size="sm" c="error">
        There is no such bucket yet.
      </Text>
    );
  if (!isKnown) return null;
  const count = isMore
    ? `More than ${mostCounted} files fit`
    : names.length === 1
      ? "1 file fits"
      : `${names.length} files fit`;
  return (
    <Text size="sm" className="dim" role="status">
      {names.length === 0
        ? "No file fits at the moment; a job finds nothing to do then, and completes."
        : `${count} now: `}
      <span className="foreign">{names.slice(0, mostNamed).map(visible).join(", ")}</span>
      {names.length > mostNamed && " …"}
    </Text>
  );
}
